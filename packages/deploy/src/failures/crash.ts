import type { KubeObject } from '@landfall/kube'
import { type Container, containersOf, endsOf, type Terminated } from '../containers.ts'
import { eventTime } from '../view.ts'
import type { PodRule } from './finding.ts'

/** So many ends are enough when nothing is on its way that the program could be waiting for. */
const ENDS_WHEN_SETTLED = 3

/** A Service leads to a pod within this time after the pod has become ready. */
const SERVED_MS = 2_000

/** So many are enough in any case: about five minutes of the cluster's growing pauses. */
const ENDS_AT_MOST = 6

/** A program that cannot even be started will not start the next time. */
const NO_PROGRAM =
  /executable file not found|no such file or directory|exec format error|permission denied|is a directory/i

/**
 * A container that ends again and again. Programs that give up while what they need is still starting are normal under
 * Compose, so ends count only once everything else has settled, and one must be of a run that began after that.
 */
export const crashRule: PodRule = ({
  pod,
  events,
  workload,
  sightings,
  settledAt,
  newsWithinMs,
}) => {
  for (const container of containersOf(pod)) {
    const { name, lastEnd } = container
    const ends = endsOf(container)
    if (lastEnd === undefined || ends === 0 || !isStartedAgain(container, workload)) continue
    const forMs = sightings.since(`crash ${pod.metadata.uid} ${name} ${ends}`)
    const noProgram = lastEnd.exitCode >= 126 && NO_PROGRAM.test(lastEnd.message ?? '')
    const enough = lastEnd.reason === 'OOMKilled' ? 2 : ENDS_WHEN_SETTLED
    const final =
      noProgram ||
      ends >= ENDS_AT_MOST ||
      (!container.running &&
        ends >= enough &&
        settledAt !== undefined &&
        beganAt(lastEnd) >= settledAt + SERVED_MS &&
        forMs < newsWithinMs)
    const probe = failedProbe(name, lastEnd, events)
    return {
      reason: probe === undefined ? reasonOf(lastEnd) : `${probe.kind} probe failed`,
      message: messageOf(container, ends, probe?.message),
      container: name,
      exitCode: lastEnd.exitCode,
      final,
      hint: probe === undefined ? hintFor(lastEnd, noProgram) : PROBE_HINT,
    }
  }
  return undefined
}

/** When a run began, by the clock of its node; one that never came to run has no beginning, but an end. */
function beganAt({ startedAt, finishedAt }: Terminated): number {
  return Date.parse(startedAt ?? '') || Date.parse(finishedAt ?? '') || 0
}

const PROBE_HINT =
  'the program runs, but does not answer its health check in time: look at the check and at the last lines'

/**
 * Of a Job it is the Job that says when it has failed, but for a sidecar, whose ends it does not count.
 * A Job ends its sidecars itself when its work is done.
 */
function isStartedAgain(
  { init, sidecar, terminated, lastEnd }: Container,
  workload: KubeObject,
): boolean {
  if (workload.kind === 'Job') return sidecar && (lastEnd === undefined || !wasEnded(lastEnd))
  return !init || sidecar || terminated?.exitCode !== 0
}

/** Ended from outside, and not for its memory. */
function wasEnded({ exitCode, reason }: Terminated): boolean {
  return (exitCode === 137 || exitCode === 143) && reason !== 'OOMKilled'
}

/** `exited with code 1`, `OOMKilled`. */
export function reasonOf({ exitCode, reason }: Terminated): string {
  return reason === 'OOMKilled' ? 'OOMKilled' : `exited with code ${exitCode}`
}

function messageOf({ name, lastEnd }: Container, ends: number, probe: string | undefined): string {
  const times = ends === 1 ? '' : ` ${ends} times, last`
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

function hintFor(end: Terminated, noProgram: boolean): string {
  const { exitCode, reason } = end
  if (reason === 'OOMKilled') return 'the program needs more memory than its limit: raise it'
  if (noProgram) return 'the image does not hold this program: check `command` and `entrypoint`'
  if (exitCode === 0)
    return 'the program ends by itself: if it does its work once, declare it a one-shot'
  if (wasEnded(end)) return 'the program was ended from outside: look at its probes and its memory'
  return 'the program itself says why in its last lines'
}
