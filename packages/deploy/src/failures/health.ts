import { containerAnnotation, type KubeObject, UNHEALTHY_AFTER_ANNOTATION } from '@landfall/kube'
import { containersOf, goesOn, type ObservedContainer } from '../view/containers.ts'
import { unhealthyEvents } from '../view/progress.ts'
import type { PodRule } from './finding.ts'

/** Nodes are slower than the machine that the numbers were chosen on. */
const FACTOR = 2

/** No program is called unhealthy sooner. */
const LEAST_MS = 60_000

/**
 * A program that runs and does not pass its health check, for clearly longer than Docker would wait. What it could be
 * waiting for must have settled before that.
 */
export const healthRule: PodRule = ({ pod, events, workload, sightings, settledAt, memory }) => {
  for (const container of containersOf(pod)) {
    const failures = unhealthyEvents(container.name, events)
    const probe = failures.at(-1)
    const patience = patienceFor(pod, workload, container, failures)
    if (patience === undefined || !goesOn(container) || !container.running || container.ready)
      continue
    const run = `${pod.metadata.uid} ${container.name} ${container.restarts}`
    if (sightings.since(`unhealthy ${run}`) < patience) continue
    const settledFor =
      settledAt === undefined || memory.serverNow === undefined ? 0 : memory.serverNow - settledAt
    return {
      code: 'deploy/unhealthy',
      reason: 'unhealthy',
      message: `${container.name} runs and does not pass its health check${probe === undefined ? '' : `${times(failed(failures, container))}: ${probe.message.trim()}`}`,
      about: 'healthcheck',
      container: container.name,
      final: settledFor >= Math.min(patience, LEAST_MS),
      hint: 'the check is run inside the container as written: look at its output above and at the last lines of the log',
    }
  }
  return undefined
}

/** A check that was ended because it took too long, in the words of the kubelet for commands, HTTP and TCP. */
const TIMED_OUT = /timed out|Timeout exceeded|deadline exceeded|i\/o timeout/

/**
 * Milliseconds; undefined for a container without a health test of which that is known. Docker counts failures in a row, and a check that runs is none:
 * one that fails at once is over sooner than one that takes its time, on a busy node, or that Docker lets run until its timeout.
 */
function patienceFor(
  pod: KubeObject,
  workload: KubeObject,
  container: ObservedContainer,
  failures: readonly KubeObject[],
): number | undefined {
  const { name } = container
  const seconds = Number(
    workload.metadata.annotations?.[containerAnnotation(UNHEALTHY_AFTER_ANNOTATION, name) ?? ''],
  )
  if (!(seconds > 0)) return undefined
  const { retries, timeout } = checksOf(pod, name)
  const slow =
    TIMED_OUT.test(failures.at(-1)?.message ?? '') || failed(failures, container) < retries
  return Math.max(LEAST_MS, (seconds + (slow ? retries * timeout : 0)) * 1000 * FACTOR)
}

const times = (count: number): string => (count > 1 ? ` (${count} times)` : '')

/** How many checks of the present run of a container have failed, as far as the node has reported them. */
function failed(failures: readonly KubeObject[], { startedAt }: ObservedContainer): number {
  const since = startedAt === undefined ? 0 : Date.parse(startedAt)
  return failures
    .filter(({ lastTimestamp, eventTime }) => !(Date.parse(lastTimestamp ?? eventTime) < since))
    .reduce((sum, { count, series }) => sum + (series?.count ?? count ?? 1), 0)
}

/** How many checks in a row have to fail, and the seconds that each may take. */
function checksOf(pod: KubeObject, container: string): { retries: number; timeout: number } {
  const { startupProbe, readinessProbe = startupProbe } =
    pod.spec.containers.find(({ name }: { name: string }) => name === container) ?? {}
  return {
    retries: readinessProbe?.failureThreshold ?? 3,
    timeout: readinessProbe?.timeoutSeconds ?? 1,
  }
}
