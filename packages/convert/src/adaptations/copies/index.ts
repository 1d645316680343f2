import { spanOf } from '@landfall/diagnostic'
import { ONE_COPY_ANNOTATION } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { mostCopies } from '../../facts/most-copies.ts'
import { inPodOf } from '../../facts/pods.ts'
import { annotate } from '../../objects/pod.ts'
import { reportIdentity } from '../identity/report.ts'
import { because } from './causes.ts'
import { buildAutoscaler, disruptionBudgetOf, offerAutoscaler, stickServices } from './objects.ts'
import { claim, type Objection, objectionsOf } from './one-copy.ts'
import { scaleProblem } from './scale.ts'
import { offerSeveral } from './several.ts'
import { reportSticky } from './sticky.ts'

/** The key that requests several copies: in landfall.yaml, or in the Compose file. */
function requestOf({ compose, settings, at }: ServiceConversion): {
  path: string
  inLandfall: boolean
} {
  if (settings.scale !== undefined) return { path: at('scale'), inLandfall: true }
  if (settings.replicas !== undefined) return { path: at('replicas'), inLandfall: true }
  if (compose.scale !== undefined) return { path: at('scale'), inLandfall: false }
  return { path: at('deploy', 'replicas'), inLandfall: false }
}

/** Reports more copies than are right. What Compose itself runs on one machine is a warning where it works as well as there. */
function reportCopies(
  conversion: Conversion,
  host: ServiceConversion,
  service: ServiceConversion,
  { because: { text }, remedy, holds }: Objection,
): void {
  if (holds === 'undeclared') return
  const { path, inLandfall } = requestOf(host)
  const isWrong = holds === 'always' || inLandfall
  const at = inLandfall ? spanOf(conversion.settingsOrigins, path) : undefined
  const whose = service === host ? '' : `, and ${service.service} runs in each of its pods`
  const overrule = `; or declare services.${service.service}.singleton: false in landfall.yaml`
  conversion.report({
    code: (isWrong ? 'convert/one-copy' : 'convert/copies-at-risk') satisfies ConvertCode,
    severity: isWrong ? 'error' : 'warning',
    message: `${host.service} has ${mostCopies(host.plan)} copies${whose}: one is right, because ${text}`,
    path,
    ...(at === undefined ? {} : { at }),
    hint: `${remedy}${service.settings.singleton === undefined ? overrule : ''}`,
  })
}

function planCopies(conversion: Conversion): void {
  const objections = objectionsOf(conversion)
  for (const service of conversion.services) {
    const { plan } = service
    if (plan.pod !== undefined || plan.kind !== 'Deployment') continue
    for (const member of inPodOf(conversion, service)) {
      const objection = objections.get(member.service)
      if (objection === undefined) continue
      if (mostCopies(plan) > 1) reportCopies(conversion, service, member, objection)
      else member.plan.oneCopy = { because: objection.because, remedy: objection.remedy }
    }
  }
}

/** Copies with numbers are different programs: they must not write one volume. */
function reportSharedVolume(conversion: Conversion, service: ServiceConversion): void {
  const { identity } = service.plan
  if (identity === undefined || identity.most < 2) return
  for (const member of inPodOf(conversion, service)) {
    const objection = claim(conversion, member)
    if (objection?.holds !== 'landfall') continue
    reportIdentity(
      conversion,
      service,
      [],
      `the copies of ${service.service} would share the data of each other: ${objection.because.text}`,
      { hint: objection.remedy },
    )
  }
}

/** Reports a scale that nothing could be made of. */
function reportScale(conversion: Conversion, service: ServiceConversion): void {
  const { settings, plan, at } = service
  if (settings.scale === undefined) return
  const report = (message: string, hint: string): void => {
    const path = at('scale')
    const span = spanOf(conversion.settingsOrigins, path)
    conversion.report({
      code: 'convert/wrong-scale',
      severity: 'error',
      message: `scale of ${service.service} ${message}`,
      path,
      ...(span === undefined ? {} : { at: span }),
      hint,
    })
  }
  const problem = scaleProblem(settings)
  if (problem !== undefined) report(problem.message, problem.hint)
  else if (plan.pod !== undefined)
    report(
      `has no effect: it runs in the pod of ${plan.pod}`,
      `declare services.${plan.pod}.scale in landfall.yaml`,
    )
  // what keeps copies with numbers from it has been reported
  else if (plan.kind !== 'Deployment' && plan.kind !== 'StatefulSet')
    report(`has no effect on a ${plan.kind}`, 'remove it, or declare oneShot: false')
  for (const [what, example] of [
    ['cpu', '250m'],
    ['memory', '256Mi'],
  ] as const)
    if (
      plan.scale?.[what] !== undefined &&
      plan.pod === undefined &&
      (plan.resources.requests?.[what] ?? plan.resources.limits?.[what]) === undefined
    )
      report(
        `is a part of the ${what} that ${service.service} requests, and it requests none`,
        `declare it in landfall.yaml: services.${service.service}.resources.${what}: ${example}`,
      )
}

export default {
  id: 'copies',
  causes: because,
  title: 'Keep several copies of a service available, and refuse them where one is right',
  plan(conversion) {
    planCopies(conversion)
    for (const service of conversion.services) {
      reportSharedVolume(conversion, service)
      reportScale(conversion, service)
      reportSticky(conversion, service)
    }
  },
  build(draft) {
    for (const workload of draft.workloads) {
      const { kind, oneCopy, scale, oneAwayAtATime } = workload.plan
      if (oneCopy !== undefined)
        annotate(
          workload.object.metadata,
          ONE_COPY_ANNOTATION,
          `${oneCopy.because.text}; ${oneCopy.remedy}`,
        )
      if (scale !== undefined) buildAutoscaler(draft, workload, scale)
      else if (kind === 'Deployment' && oneCopy === undefined) {
        offerAutoscaler(draft, workload)
        offerSeveral(draft, workload)
      }
      if (oneAwayAtATime === true)
        draft.objects.set(
          `poddisruptionbudget/${workload.plan.name}`,
          disruptionBudgetOf(draft.plan, workload.plan),
        )
    }
    stickServices(draft)
  },
} satisfies Adaptation
