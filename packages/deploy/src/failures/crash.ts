import { type KubeObject, MAY_COMPLETE_ANNOTATION, SOURCE_ANNOTATION } from '@landfall/kube'
import {
  containersOf,
  endsOf,
  type ObservedContainer,
  type Terminated,
} from '../view/containers.ts'
import { endsInRun } from '../view/steady.ts'
import { eventTime } from '../view/view.ts'
import type { FailureCode } from './codes.ts'
import type { Finding, PodRule } from './finding.ts'

/** So many ends are enough when nothing is on its way that the program could be waiting for. */
const ENDS_WHEN_SETTLED = 2

/** A Service leads to a pod within this time after the pod has become ready. */
const SERVED_MS = 2_000

/** So many are enough in any case: about five minutes of the cluster's growing pauses. */
const ENDS_AT_MOST = 6

/** A program that cannot even be started will not start the next time. */
const NO_PROGRAM =
  /executable file not found|no such file or directory|exec format error|permission denied|is a directory/i

/**
 * A container that ends again and again. Programs that give up while what they need is still starting are normal under
 * Compose, so ends count only once everything else has settled, and one must be of a run that began after that. Only the
 * ends since the first look count.
 */
export const crashRule: PodRule = (context) => {
  const { pod, events, workload, settledAt, memory } = context
  for (const container of containersOf(pod)) {
    const { name, lastEnd, running } = container
    const ends = endsOf(container)
    if (lastEnd === undefined || ends === 0 || !isStartedAgain(container, workload)) continue
    if (running) continue
    const counted = endsInRun(pod, container, memory)
    if (hasCompleted(container, workload, counted)) return completed(container)
    const endedUnprovoked = (end: Terminated, times: number) =>
      times >= ENDS_WHEN_SETTLED && settledAt !== undefined && beganAt(end) >= settledAt + SERVED_MS
    const noProgram = lastEnd.exitCode >= 126 && NO_PROGRAM.test(lastEnd.message ?? '')
    const final =
      counted > 0 && (noProgram || counted >= ENDS_AT_MOST || endedUnprovoked(lastEnd, counted))
    const probe = failedProbe(name, lastEnd, events)
    const { code, hint } =
      probe === undefined
        ? causeOf(lastEnd, noProgram, workload, memoryLimitOf(pod, name))
        : { code: 'deploy/probe-failed' as const, hint: PROBE_HINT }
    return {
      code,
      reason: probe === undefined ? reasonOf(lastEnd) : `${probe.kind} probe failed`,
      message: messageOf(container, ends, probe?.message),
      about: lastEnd.reason === 'OOMKilled' ? 'memory' : probe ? 'healthcheck' : 'command',
      container: name,
      exitCode: lastEnd.exitCode,
      final,
      hint,
    }
  }
  return undefined
}

/** A program that has ended well and may: the project starts it again only when it fails. */
function hasCompleted(
  { init, lastEnd }: ObservedContainer,
  workload: KubeObject,
  counted: number,
): boolean {
  const mayComplete = workload.metadata.annotations?.[MAY_COMPLETE_ANNOTATION] === 'true'
  return mayComplete && !init && counted > 0 && lastEnd?.exitCode === 0
}

function completed({ name }: ObservedContainer): Finding {
  return {
    code: 'deploy/completed',
    reason: 'completed',
    message: `${name} ended with exit code 0, and its restart policy does not start it again after that`,
    about: 'command',
    container: name,
    exitCode: 0,
    final: true,
    completed: true,
    hint: `it does its work once: services.${name}.oneShot: true in landfall.yaml`,
  }
}

/** When a run began, by the clock of its node; one that never came to run has no beginning, but an end. */
function beganAt({ startedAt, finishedAt }: Terminated): number {
  return Date.parse(startedAt ?? '') || Date.parse(finishedAt ?? '') || 0
}

const PROBE_HINT =
  'the program runs, but does not answer its health check in time: look at the check and at the last lines of the log'

/**
 * Of a Job it is the Job that says when it has failed, but for a sidecar, whose ends it does not count.
 * A Job ends its sidecars itself when its work is done.
 */
function isStartedAgain(
  { init, sidecar, terminated, lastEnd }: ObservedContainer,
  workload: KubeObject,
): boolean {
  if (workload.kind === 'Job') return sidecar && (lastEnd === undefined || !wasEnded(lastEnd))
  return !init || sidecar || terminated?.exitCode !== 0
}

/** Ended from outside, and not for its memory. */
export function wasEnded({ exitCode, reason }: Terminated): boolean {
  return (exitCode === 137 || exitCode === 143) && reason !== 'OOMKilled'
}

/** `exited with code 1`, `OOMKilled`. */
export function reasonOf({ exitCode, reason }: Terminated): string {
  return reason === 'OOMKilled' ? 'OOMKilled' : `exited with code ${exitCode}`
}

function messageOf(
  { name, lastEnd }: ObservedContainer,
  ends: number,
  probe: string | undefined,
): string {
  const times = ends === 1 ? '' : ends === 2 ? ' twice, last' : ` ${ends} times, last`
  const told = probe ?? lastEnd?.message?.trim()
  const sentence = `${name} ended${times} with exit code ${lastEnd?.exitCode}`
  return told === undefined || told === '' ? sentence : `${sentence}: ${told}`
}

/** The probe for whose failure the node ended a run of a container. */
function failedProbe(
  container: string,
  run: Terminated,
  events: readonly KubeObject[],
): { kind: string; message: string } | undefined {
  const killed = events.findLast(
    (event) =>
      event.reason === 'Killing' &&
      event.message.startsWith(`Container ${container} failed`) &&
      Date.parse(eventTime(event)) >= beganAt(run),
  )
  const kind = /failed (\w+) probe/.exec(killed?.message ?? '')?.[1]
  if (killed === undefined || kind === undefined) return undefined
  const told = events.findLast(
    ({ reason, message, involvedObject }) =>
      reason === 'Unhealthy' &&
      involvedObject.fieldPath?.includes(`{${container}}`) &&
      message.toLowerCase().startsWith(`${kind} probe`),
  )
  return { kind, message: told?.message ?? killed.message }
}

function causeOf(
  end: Terminated,
  noProgram: boolean,
  { metadata }: KubeObject,
  memoryLimit: string | undefined,
): { code: FailureCode; hint: string } {
  const { exitCode, reason } = end
  if (reason === 'OOMKilled')
    return {
      code: 'deploy/out-of-memory',
      hint: 'the program needs more memory than its limit: raise it',
    }
  if (noProgram)
    return {
      code: 'deploy/command-not-found',
      hint: 'the image does not have this program: check `command` and `entrypoint`',
    }
  if (exitCode === 0)
    return {
      code: 'deploy/program-ended',
      hint: `the program ends by itself, without an error: if it does its work once, set services.${serviceOf(metadata)}.oneShot: true in landfall.yaml; a server has to stay in the foreground`,
    }
  if (wasEnded(end))
    return {
      code: 'deploy/program-killed',
      hint:
        exitCode === 137 && memoryLimit !== undefined
          ? `the program was killed: most likely it needs more memory than its limit of ${memoryLimit}, which nodes do not always report`
          : 'the program was ended from outside: look at its probes and its memory',
    }
  return { code: 'deploy/crash-loop', hint: 'the last lines of its log show why' }
}

function memoryLimitOf({ spec }: KubeObject, container: string): string | undefined {
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  return containers.find(({ name }) => name === container)?.resources?.limits?.memory
}

/** The key of the service in the Compose file, as far as the object shows. */
function serviceOf({ name, annotations }: KubeObject['metadata']): string {
  const pointer = annotations?.[SOURCE_ANNOTATION]?.split('#/services/')[1]
  return pointer === undefined ? name : pointer.replaceAll('~1', '/').replaceAll('~0', '~')
}
