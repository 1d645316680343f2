import { toPointer } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { completionWaits } from '../../facts/dependencies.ts'
import { isNumbered } from '../../facts/identity.ts'
import { oneShotEvidence } from '../../facts/one-shot/one-shot.ts'
import { keepsRestarting, restartKey, restartOf } from '../../facts/one-shot/restart.ts'
import { type BundleDraft, selectorOf } from '../../objects/bundle-draft.ts'
import { type DraftParameters, declare } from '../../objects/parameters.ts'
import type { PodPlan, ServicePlan } from '../../plan/plan.ts'
import { scaleOf } from '../copies/scale.ts'
import { copiesServiceName } from '../identity/names.ts'
import { because } from './causes.ts'
import { reason } from './reasons.ts'

type Kind = Pick<ServicePlan, 'kind' | 'kindBecause' | 'oneShotSigns'>

function kindOf(
  conversion: Conversion,
  service: ServiceConversion,
  waiting: readonly string[],
): Kind {
  const { compose, settings } = service
  const refused = settings.oneShot === false
  if ((settings.oneShot !== undefined && !refused) || settings.sql !== undefined)
    return { kind: 'Job', kindBecause: because('declared') }
  if (compose.deploy?.mode !== 'global' && refused)
    return isNumbered(service)
      ? { kind: 'StatefulSet', kindBecause: because('number') }
      : { kind: 'Deployment', kindBecause: because('declared-long-running') }
  if (waiting.length > 0 && !refused && !keepsRestarting(restartOf(compose)))
    return {
      kind: 'Job',
      kindBecause: because(waiting.length === 1 ? 'awaited' : 'awaited-by-several', {
        services: waiting.join(', '),
      }),
    }
  if (compose.deploy?.mode === 'global')
    return { kind: 'DaemonSet', kindBecause: because('deploy-mode', { mode: 'global' }) }
  if (compose.deploy?.mode === 'replicated-job' || compose.deploy?.mode === 'global-job')
    return { kind: 'Job', kindBecause: because('deploy-mode', { mode: compose.deploy.mode }) }
  const { once, signs } = oneShotEvidence(conversion, service)
  const found = signs.length === 0 ? {} : { oneShotSigns: signs }
  if (!once && isNumbered(service)) return { kind: 'StatefulSet', kindBecause: because('number') }
  return once
    ? {
        kind: 'Job',
        kindBecause: because('signs', { signs: inWords(signs.map(({ text }) => text)) }),
        ...found,
      }
    : { kind: 'Deployment', kindBecause: because('keeps-running'), ...found }
}

function inWords(signs: readonly string[]): string {
  return signs.length < 2 ? signs.join('') : `${signs.slice(0, -1).join(', ')} and ${signs.at(-1)}`
}

function planReplicas(service: ServiceConversion): void {
  const { compose, settings, plan, note } = service
  const declared = compose.deploy?.replicas
  const scaled = compose.scale ?? (typeof declared === 'number' ? declared : undefined)
  const range = plan.kind === 'Deployment' ? scaleOf(settings) : undefined
  if (range !== undefined) plan.scale = range
  const counted = plan.kind === 'Deployment' || plan.kind === 'StatefulSet'
  if (counted) plan.replicas = range?.min ?? settings.replicas ?? scaled ?? 1
  const runs = compose.deploy?.mode === 'replicated-job' ? scaled : undefined
  if (plan.kind === 'Job') plan.replicas = runs ?? 1
  const count = range === undefined ? plan.replicas : `${range.min} to ${range.max}`
  const pods = `${count} ${count === 1 ? 'pod' : 'pods'}`
  const why = reason(
    !counted && runs === undefined
      ? 'replicas-of-kind'
      : (range ?? settings.replicas) === undefined
        ? 'replicas'
        : 'replicas-set',
    { pods, kind: plan.kind },
  )
  if (compose.scale !== undefined) note(['scale'], why)
  if (declared !== undefined) note(['deploy', 'replicas'], why)
  if (compose.deploy?.mode !== undefined)
    note(['deploy', 'mode'], reason('mode', { kind: plan.kind, why: plan.kindBecause.text }))
}

/** Restarting is what Deployments do; the policy of a one-shot is noted by `one-shot-to-job`. */
function noteRestart({ compose, settings, plan, note }: ServiceConversion): void {
  const key = restartKey(compose)
  if (key === undefined) return
  const unused = key[0] === 'restart' && compose.deploy?.restart_policy !== undefined
  if (unused) note(['deploy', 'restart_policy'], reason('restart-first'))
  if (plan.kind === 'Job') return
  const restart = restartOf(compose)
  const { kind } = plan
  if (restart === undefined || keepsRestarting(restart))
    note(key, reason('always-restarts', { kind }))
  else note(key, reason(settings.oneShot === false ? 'long-running' : 'after-success', { kind }))
}

function build({ workloads, plan: project, parameters }: BundleDraft): void {
  for (const { plan, object } of workloads) {
    const { kind, replicas, rollout } = plan
    const selector = { matchLabels: selectorOf(project, plan) }
    const { template } = object.spec
    if (kind === 'Job') continue
    if (kind === 'StatefulSet') {
      object.spec = statefulSpec(plan, selector, template)
      declareReplicas(parameters, plan, object)
      continue
    }
    object.spec =
      kind === 'DaemonSet'
        ? { selector, template }
        : { replicas, selector, strategy: rollout?.strategy, template }
    if (kind === 'DaemonSet' && rollout !== undefined) object.spec.updateStrategy = rollout.strategy
    if (rollout?.minReadySeconds !== undefined)
      object.spec.minReadySeconds = rollout.minReadySeconds
    if (kind === 'Deployment' && plan.scale === undefined) declareReplicas(parameters, plan, object)
  }
}

/**
 * Copies that start side by side, and of which one is stopped before it is replaced.
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#parallel-pod-management
 */
function statefulSpec(
  { name, replicas, firstNumber = 1, rollout }: PodPlan,
  selector: unknown,
  template: unknown,
): Record<string, unknown> {
  return {
    replicas,
    serviceName: copiesServiceName({ name }),
    ordinals: { start: firstNumber },
    podManagementPolicy: 'Parallel',
    selector,
    updateStrategy: { type: 'RollingUpdate' },
    ...(rollout?.minReadySeconds !== undefined && { minReadySeconds: rollout.minReadySeconds }),
    template,
  }
}

const cpuIn = (key: string) => ({
  required: [key],
  properties: { [key]: { required: ['cpu'] } },
})

/** An autoscaler measures a part of the CPU that is requested, or of the limit where nothing is requested. */
const SCALE_NEEDS_CPU = {
  if: {
    required: ['scale'],
    properties: { scale: { required: ['enabled'], properties: { enabled: { const: true } } } },
  },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { properties: { resources: { anyOf: [cpuIn('requests'), cpuIn('limits')] } } },
}

function declareReplicas(
  parameters: DraftParameters,
  { service, replicas, oneCopy, mostNumbered }: PodPlan,
  { spec }: KubeObject,
): void {
  const why =
    mostNumbered !== undefined
      ? `; ${mostNumbered} at most, because each has a Service of its own`
      : oneCopy === undefined
        ? ''
        : `; one at most, because ${oneCopy.because.text}`
  declare(parameters, {
    path: ['services', service, 'replicas'],
    default: replicas,
    schema: {
      type: 'integer',
      minimum: 0,
      maximum: mostNumbered ?? (oneCopy === undefined ? 10_000 : 1),
    },
    ...(oneCopy === undefined && mostNumbered === undefined && { group: SCALE_NEEDS_CPU }),
    description: `the number of pods${why}`,
    origin: toPointer(['services', service, 'deploy', 'replicas']),
    at: [{ in: spec, key: 'replicas' }],
  })
}

export default {
  id: 'workload-kind',
  reasons: reason,
  causes: because,
  title: 'Choose the workload kind of a service',
  plan(conversion) {
    const waits = completionWaits(conversion.services)
    for (const service of conversion.services) {
      Object.assign(service.plan, kindOf(conversion, service, waits.get(service.service) ?? []))
      planReplicas(service)
      noteRestart(service)
    }
  },
  build,
} satisfies Adaptation
