import type { Dependency } from '@landfall/compose'
import { toLabelValue, type Wait } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { isHealthDisabled, isHealthUnknown } from '../../facts/healthcheck.ts'
import { effectTarget } from '../../facts/names/texts.ts'
import { restartOf } from '../../facts/one-shot/restart.ts'
import { podOf } from '../../facts/pods.ts'
import type { Reason } from '../../ledger/reasons.ts'
import type { Because } from '../../plan/because.ts'
import type { Gate } from '../../plan/plan.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { because } from './causes.ts'
import { earlyJobWait } from './early-wait.ts'
import { observeEffect } from './effects/observe.ts'
import { reason } from './reasons.ts'
import { askedPorts, portsOfHealth, readyAddress, readyName } from './services.ts'

/** A wait with its entry in the ledger, or why it can never end. */
export type PlannedWait =
  | { gate: Gate; reason: Reason }
  | {
      impossible: Reason
      /** JSON Pointer of the key that makes it impossible. */
      because?: string
    }

/** The wait that one entry of `depends_on` means. */
export function waitForDependency(
  conversion: Conversion,
  from: ServiceConversion,
  target: ServiceConversion,
  { condition }: Dependency,
): PlannedWait {
  const { plan, service } = target
  const why = because('depends-on', { service, condition })
  if (plan.oncePerPod !== undefined) return oncePerPodWait(conversion, target, why)
  if (plan.kind === 'Job') {
    const early = earlyJobWait(conversion, from, target, condition)
    if (early !== undefined) return { gate: jobGate(target, why, true), reason: early }
    return {
      gate: jobGate(target, why),
      reason:
        condition === 'service_completed_successfully'
          ? reason('complete')
          : reason('one-shot-complete', { name: service }),
    }
  }
  if (condition === 'service_completed_successfully')
    return { impossible: reason('never-completes', { name: service, why: whyEndless(target) }) }
  if (condition !== 'service_healthy') return startedWait(conversion, target, why)
  if (plan.readiness !== undefined)
    return { gate: readyGate(conversion, target, why), reason: reason('ready') }
  if (isHealthDisabled(target))
    return {
      impossible: reason('disabled-health-check', { name: service }),
      because: target.at('healthcheck'),
    }
  if (!isHealthUnknown(target)) return { impossible: reason('no-health-check', { name: service }) }
  const { gate } = startedWait(conversion, target, why)
  return { gate, reason: reason('unknown-health-check', { name: service }) }
}

/** Holds when a port of a service answers; without a port, when its pods run. */
function startedWait(
  conversion: Conversion,
  target: ServiceConversion,
  why: Because,
): { gate: Gate; reason: Reason } {
  const { plan, service } = target
  const ports = askedPorts(target).map(({ port }) => port)
  const on = plan.name
  const answers = target.settings.startedWhen !== 'runs'
  if (ports.length > 0 && answers) {
    // The address that the program connects to afterwards, and no other: each node learns of each on its own.
    return {
      gate: { wait: { kind: 'started', host: on, ports }, because: why, on },
      reason: reason('answers', { name: service }),
    }
  }
  const instance = toLabelValue(conversion.project.name)
  const name = conversion.serviceOf(podOf(target))?.plan.name ?? on
  const wait: Wait =
    plan.readiness === undefined && plan.reach.mode === 'ready'
      ? { kind: 'ready-name', host: readyName(conversion, target) }
      : { kind: 'pods', name, instance }
  return { gate: { wait, because: why, on }, reason: reason('runs') }
}

/** Holds when a pod of a service is ready. */
function readyGate(conversion: Conversion, target: ServiceConversion, because: Because): Gate {
  const ports = portsOfHealth(target).map(({ port }) => port)
  const wait: Wait =
    ports.length > 0
      ? { kind: 'healthy', host: readyAddress(conversion, target), ports }
      : { kind: 'ready-name', host: readyName(conversion, target) }
  return { wait, because, on: target.plan.name }
}

/** A pod is ready when all of its init containers are done: what runs once in it among them. */
function oncePerPodWait(
  conversion: Conversion,
  { service, plan }: ServiceConversion,
  because: Because,
): { gate: Gate; reason: Reason } {
  const host = conversion.serviceOf(plan.pod ?? '')
  if (host === undefined) throw new Error(`${service} runs in the pod of nobody`)
  return {
    gate: readyGate(conversion, host, because),
    reason: reason('once-per-pod', { host: host.service, name: service }),
  }
}

function whyEndless({ compose, settings }: ServiceConversion): string {
  return settings.oneShot === false
    ? 'declared as long-running in landfall.yaml'
    : `its restart policy is ${restartOf(compose)}`
}

/** `early`: it also holds while a pod of the Job is ready. */
function jobGate({ plan, service }: ServiceConversion, because: Because, early = false): Gate {
  return {
    wait: { kind: early ? 'job-or-ready' : 'job', job: plan.name },
    because,
    on: plan.name,
    job: service,
  }
}

/** The wait that a declared effect means, its names made valid; `id` is that of its login. */
export function waitForEffect(
  conversion: Conversion,
  effect: Effect,
  id: string,
): { gate: Gate } | { impossible: string; hint: string } {
  const why = because('settings')
  if (effect.job !== undefined) {
    const target = conversion.serviceOf(effect.job)
    const inPod = target?.plan.oncePerPod && oncePerPodWait(conversion, target, why)
    if (inPod !== undefined) return inPod
    return target?.plan.kind === 'Job'
      ? { gate: jobGate(target, why) }
      : {
          impossible: `${effect.job} is not a one-shot`,
          hint: `declare services.${effect.job}.oneShot in landfall.yaml, or wait for another effect`,
        }
  }
  const observed = observeEffect(conversion, effect, id)
  if ('impossible' in observed) return observed
  const host = effectTarget(effect)?.host
  const owner = host === undefined ? undefined : conversion.owners.get(host.toLowerCase())
  return { gate: { ...observed, because: why, on: owner?.plan.name ?? host ?? 'file' } }
}
