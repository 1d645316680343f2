import type { Dependency } from '@landfall/compose'
import { toLabelValue } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { podOf } from '../../facts/pods.ts'
import { restartOf } from '../../facts/restart.ts'
import { effectTarget } from '../../facts/texts.ts'
import type { Gate } from '../../plan/plan.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { earlyJobWait } from './early-wait.ts'
import { askedPorts, portsOfHealth, readyAddress, readyName } from './services.ts'

/** A wait, how the ledger tells it, or why it can never end. */
export type Wait =
  | { gate: Gate; outcome: 'kept' | 'adapted'; reason: string }
  | { impossible: string; hint: string }

/** The wait that one entry of `depends_on` means. */
export function waitForDependency(
  conversion: Conversion,
  from: ServiceConversion,
  target: ServiceConversion,
  { condition }: Dependency,
): Wait {
  const { plan, service } = target
  const because = `depends_on ${service}: ${condition}`
  if (plan.oncePerPod !== undefined) return oncePerPodWait(conversion, target, because)
  if (plan.kind === 'Job') {
    const early = earlyJobWait(conversion, from, target, condition)
    if (early !== undefined)
      return { gate: jobGate(target, because, true), outcome: 'kept', reason: early }
    const gate = jobGate(target, because)
    return condition === 'service_completed_successfully'
      ? { gate, outcome: 'kept', reason: 'starts when the Job is complete' }
      : {
          gate,
          outcome: 'adapted',
          reason: `starts when the Job is complete: ${service} is a one-shot`,
        }
  }
  if (condition === 'service_completed_successfully')
    return {
      impossible: `${service} never completes, because ${whyEndless(target)}`,
      hint: `declare services.${service}.oneShot in landfall.yaml, or wait for service_started`,
    }
  const ports = askedPorts(target).map(({ port }) => port)
  const on = plan.name
  const readyWait = `ready-name ${readyName(conversion, target)}`
  if (condition === 'service_healthy') {
    if (plan.readiness === undefined) {
      const unread = target.image.unknown !== undefined
      return {
        impossible: unread
          ? `nothing tells when ${service} is healthy: it declares no healthcheck, and its image could not be read`
          : `${service} has no healthcheck, so nothing tells when it is healthy`,
        hint:
          `give it a healthcheck, or services.${service}.ready in landfall.yaml` +
          (unread ? ', or let `landfall lock` read its image' : ''),
      }
    }
    const gate = readyGate(conversion, target, because)
    return { gate, outcome: 'kept', reason: 'starts when its pods are ready' }
  }
  const answers = target.settings.startedWhen !== 'runs'
  if (ports.length > 0 && answers) {
    // The address that the program connects to afterwards, and no other: each node learns of each on its own.
    return {
      gate: { wait: `started ${on} ${ports.join(' ')}`, because, on },
      outcome: 'adapted',
      reason: `starts when a port of ${service} answers, which is later than when its process starts`,
    }
  }
  const instance = toLabelValue(conversion.project.name)
  const wait =
    plan.readiness === undefined && plan.reach.mode === 'ready'
      ? readyWait
      : `pods ${conversion.serviceOf(podOf(target))?.plan.name ?? on} ${instance}`
  return { gate: { wait, because, on }, outcome: 'kept', reason: 'starts when its pods run' }
}

/** Holds when a pod of a service is ready. */
function readyGate(conversion: Conversion, target: ServiceConversion, because: string): Gate {
  const ports = portsOfHealth(target).map(({ port }) => port)
  const wait =
    ports.length > 0
      ? `healthy ${readyAddress(conversion, target)} ${ports.join(' ')}`
      : `ready-name ${readyName(conversion, target)}`
  return { wait, because, on: target.plan.name }
}

/** A pod is ready when all of its init containers are done: what runs once in it among them. */
function oncePerPodWait(
  conversion: Conversion,
  { service, plan }: ServiceConversion,
  because: string,
): Wait & { gate: Gate } {
  const host = conversion.serviceOf(plan.pod ?? '')
  if (host === undefined) throw new Error(`${service} runs in the pod of nobody`)
  return {
    gate: readyGate(conversion, host, because),
    outcome: 'adapted',
    reason: `starts when the pod of ${host.service} is ready, in which ${service} runs once`,
  }
}

function whyEndless({ compose, settings }: ServiceConversion): string {
  return settings.oneShot === false
    ? 'landfall.yaml says that it keeps running'
    : `its restart is ${restartOf(compose)}`
}

/** `early`: it also holds while a pod of the Job is ready. */
function jobGate({ plan, service }: ServiceConversion, because: string, early = false): Gate {
  return {
    wait: `${early ? 'job-or-ready' : 'job'} ${plan.name}`,
    because,
    on: plan.name,
    job: service,
  }
}

/** The wait that a declared effect means, its names made legal. */
export function waitForEffect(
  conversion: Conversion,
  effect: Effect,
): { gate: Gate } | { impossible: string; hint: string } {
  const because = 'landfall.yaml'
  if (effect.job !== undefined) {
    const target = conversion.serviceOf(effect.job)
    const inPod = target?.plan.oncePerPod && oncePerPodWait(conversion, target, because)
    if (inPod !== undefined) return inPod
    return target?.plan.kind === 'Job'
      ? { gate: jobGate(target, because) }
      : {
          impossible: `${effect.job} is no one-shot`,
          hint: `declare services.${effect.job}.oneShot in landfall.yaml, or wait for another effect`,
        }
  }
  const wait = effectLine(conversion, effect)
  if (wait === undefined)
    return { impossible: 'the effect cannot be asked for', hint: 'use http, tcp, dns, job or file' }
  const host = effectTarget(effect)?.host
  const owner = host === undefined ? undefined : conversion.owners.get(host.toLowerCase())
  return { gate: { wait, because, on: owner?.plan.name ?? host ?? 'file' } }
}

/** An effect as a line of a gate's list. */
export function effectLine(conversion: Conversion, effect: Effect): string | undefined {
  const target = effectTarget(effect)
  const host = target === undefined ? '' : legalHost(conversion, target.host)
  if (effect.http !== undefined && target !== undefined) {
    const url = effect.http
      .replace(`//${target.host}`, `//${host}`)
      .replace(`@${target.host}`, `@${host}`)
    const body = effect.body === undefined ? '' : ` ${effect.body}`
    return `http ${effect.status ?? '2xx'} ${url}${body}`
  }
  if (effect.tcp !== undefined && target !== undefined) return `tcp ${host} ${target.port}`
  if (effect.dns !== undefined) return `dns ${host}`
  return effect.file === undefined ? undefined : `file ${effect.file}`
}

function legalHost(conversion: Conversion, host: string): string {
  const names = conversion.owners.get(host.toLowerCase())?.plan.names
  return names?.find(({ written }) => written === host)?.name ?? host
}
