import { spanOf } from '@landfall/diagnostic'
import {
  DONE_WHEN_ANNOTATION,
  MAY_COMPLETE_ANNOTATION,
  printWait,
  type RoleId,
  RUNS_AGAIN_ANNOTATION,
  toDnsLabel,
  UNTESTED_EFFECT_ANNOTATION,
} from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { restartKey, restartOf } from '../../facts/one-shot/restart.ts'
import { runsWhenGone } from '../../facts/one-shot/runs-when-gone.ts'
import { type BundleDraft, contentInputs, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import { annotate, type PodTemplate } from '../../objects/pod.ts'
import type { JobPlan } from '../../plan/plan.ts'
import { observeEffect } from '../gates/effects/observe.ts'
import { buildGatesObject } from '../gates/index.ts'
import { keptAgain } from './again.ts'
import { buildCheckers, checkerPart } from './checker.ts'
import { noteInferred } from './inferred.ts'
import { lastingEffect } from './lasting.ts'
import { planMayComplete } from './may-complete.ts'
import { reason } from './reasons.ts'
import { planWhenChanged } from './when-changed.ts'

/** Characters of a Job's name before the hash of its content. */
const LONGEST_BASE = 52

/** How often a Job's pod is tried in all: a node that is lost, a pod that is evicted, a check that fails. */
const RETRIES = 6

/** Ends of a program that are not its own: killed (137) and asked to stop (143). */
const STOPPED = [137, 143]

function planService(conversion: Conversion, service: ServiceConversion): void {
  const { compose, settings, plan, note } = service
  const key = restartKey(compose)
  if (plan.oncePerPod !== undefined && key !== undefined)
    note(key, reason('once-per-pod', { pod: plan.pod ?? '' }))
  if (plan.kind !== 'Job') return
  const { neverExits = false, doneWhen } = declaredOneShot(settings) ?? {}
  const check = doneWhen === undefined ? undefined : observeEffect(conversion, doneWhen, 'LOGIN_1')
  if (check !== undefined && 'impossible' in check) reportImpossible(conversion, service, check)
  const observed = check === undefined || 'impossible' in check ? undefined : check.wait
  const again = runsWhenGone(settings) ? keptAgain(conversion, doneWhen, observed) : undefined
  const lasting = lastingEffect(conversion, doneWhen, observed)
  plan.oneShot = {
    neverExits,
    ...(doneWhen === undefined ? {} : { doneWhen }),
    ...(check === undefined || 'impossible' in check ? {} : { check }),
    ...(again === undefined ? {} : { again }),
    ...(lasting === undefined ? {} : { lasting }),
  }
  plan.job = jobOf(service)
  if (key === undefined) return
  const restart = restartOf(compose)
  if (restart === 'no') note(key, reason('not-retried'))
  else if (restart?.startsWith('on-failure'))
    note(key, reason('retried', { count: retriesOf(restart) }))
  else note(key, reason('runs-once'))
}

function jobOf({ compose, plan }: ServiceConversion): JobPlan {
  const restart = restartOf(compose)
  const retried = restart?.startsWith('on-failure') === true
  return {
    base: toDnsLabel(plan.name, LONGEST_BASE),
    runs: Math.max(1, plan.replicas),
    backoffLimit: retried ? retriesOf(restart) : RETRIES,
    failsWithProgram: !retried && plan.oneShot?.neverExits !== true,
  }
}

/** The number of `on-failure:5`. */
function retriesOf(restart: string | undefined): number {
  const declared = Number(restart?.split(':')[1])
  return Number.isInteger(declared) && declared > 0 ? declared : RETRIES
}

function reportImpossible(
  { report, settingsOrigins }: Conversion,
  service: ServiceConversion,
  { impossible, hint }: { impossible: string; hint: string },
): void {
  const path = service.at('oneShot', 'doneWhen')
  const at = spanOf(settingsOrigins, path)
  report({
    code: 'convert/impossible-wait',
    severity: 'error',
    message: `the work of ${service.service} is never done: ${impossible}`,
    path,
    ...(at === undefined ? {} : { at }),
    hint,
  })
}

function checkPossible(conversion: Conversion, service: ServiceConversion): void {
  const { oneShot } = service.plan
  if (oneShot?.neverExits === true && oneShot.doneWhen === undefined)
    conversion.report({
      code: 'convert/never-done',
      severity: 'error',
      message: `${service.service} never exits, and has no doneWhen that shows when its work is done`,
      path: service.at(),
      hint: `add doneWhen to services.${service.service}.oneShot in landfall.yaml`,
    })
}

/** `landfall up` and `landfall status` test it as well: a complete Job does not show that what it did is still there. */
function annotateEffect(
  { object, plan }: WorkloadDraft,
  { plan: { services } }: BundleDraft,
): void {
  const { lasting, again } = services.find(({ service }) => service === plan.service)?.oneShot ?? {}
  if (lasting === undefined) return
  if ('untested' in lasting) annotate(object.metadata, UNTESTED_EFFECT_ANNOTATION, lasting.untested)
  else {
    annotate(object.metadata, DONE_WHEN_ANNOTATION, printWait(lasting.wait))
    if (again !== undefined) annotate(object.metadata, RUNS_AGAIN_ANNOTATION, 'true')
  }
}

function buildJob(draft: BundleDraft, workload: WorkloadDraft, job: JobPlan): void {
  const { object, pod } = workload
  const { runs, backoffLimit, failsWithProgram } = job
  pod.spec.restartPolicy = 'Never'
  object.spec = {
    ...(runs === 1 ? {} : { parallelism: runs, completions: runs }),
    backoffLimit,
    podFailurePolicy: {
      rules: [
        {
          action: 'Ignore',
          onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
        },
        ...(failsWithProgram
          ? [
              {
                action: 'FailJob',
                onExitCodes: {
                  containerName: programName(workload),
                  operator: 'NotIn',
                  values: STOPPED,
                },
              },
            ]
          : []),
      ],
    },
    template: pod,
  }
  annotateEffect(workload, draft)
  nameByContent(draft, workload)
}

/** The container whose exit code decides. */
function programName({ containers }: WorkloadDraft): string {
  return containers.find(({ plan }) => plan.phase === 'program')?.container.name ?? ''
}

/**
 * A change of the template or of a mounted file makes another Job, which runs; anything else leaves it as it was. What comes from a
 * Secret is not in the name: `landfall up` replaces the Job when that changes.
 */
function nameByContent(draft: BundleDraft, { plan, pod, object, role }: WorkloadDraft): void {
  const derived = draft.jobNames.get(plan.service)
  if (derived === undefined) throw new Error(`${plan.service} is not a one-shot`)
  const read = contentOf(pod)
  derived.inputs.push(
    { object: role, pointer: '/spec/template' },
    ...[...read]
      .filter((one) => draft.objects.has(one))
      .sort()
      .flatMap((object) => contentInputs(draft, object)),
  )
  draft.derived.push(derived)
  object.metadata.name = derived.base
}

/** The objects whose content the program gets as files. */
function contentOf({ spec }: PodTemplate): Set<RoleId> {
  const files = (spec.volumes ?? []).flatMap(({ projected }) =>
    ((projected as { sources?: Record<string, { name: string }>[] })?.sources ?? []).flatMap(
      (source) => Object.entries(source).map(([kind, { name }]) => `${kind.toLowerCase()}/${name}`),
    ),
  )
  return new Set(files)
}

export default {
  id: 'one-shot-to-job',
  reasons: reason,
  title: 'Run a one-shot as a Job that is named after its content',
  plan(conversion) {
    for (const service of conversion.services) {
      noteInferred(conversion, service)
      planService(conversion, service)
      planWhenChanged(conversion, service)
      planMayComplete(conversion, service)
      checkPossible(conversion, service)
    }
  },
  part: checkerPart,
  build(draft) {
    buildCheckers(draft)
    for (const workload of draft.workloads) {
      if (workload.plan.job !== undefined) buildJob(draft, workload, workload.plan.job)
      if (workload.plan.mayComplete === true)
        annotate(workload.object.metadata, MAY_COMPLETE_ANNOTATION, 'true')
    }
    buildGatesObject(draft)
  },
} satisfies Adaptation
