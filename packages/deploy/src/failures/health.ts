import { containerAnnotation, type KubeObject, UNHEALTHY_AFTER_ANNOTATION } from '@landfall/kube'
import { containersOf, goesOn, type ObservedContainer } from '../view/containers.ts'
import { unhealthyEvent } from '../view/progress.ts'
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
    const probe = unhealthyEvent(container.name, events)
    const patience = patienceFor(pod, workload, container, probe)
    if (patience === undefined || !goesOn(container) || !container.running || container.ready)
      continue
    const run = `${pod.metadata.uid} ${container.name} ${container.restarts}`
    if (sightings.since(`unhealthy ${run}`) < patience) continue
    const settledFor =
      settledAt === undefined || memory.serverNow === undefined ? 0 : memory.serverNow - settledAt
    return {
      code: 'deploy/unhealthy',
      reason: 'unhealthy',
      message: `${container.name} runs and does not pass its health check${probe === undefined ? '' : `: ${probe.message.trim()}`}`,
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
 * Milliseconds; undefined for a container without a health test of which that is known. A test that fails at once is
 * over sooner than one that Docker lets run until its timeout.
 */
function patienceFor(
  pod: KubeObject,
  workload: KubeObject,
  { name }: ObservedContainer,
  lastFailure: KubeObject | undefined,
): number | undefined {
  const seconds = Number(
    workload.metadata.annotations?.[containerAnnotation(UNHEALTHY_AFTER_ANNOTATION, name) ?? ''],
  )
  if (!(seconds > 0)) return undefined
  const slow = TIMED_OUT.test(lastFailure?.message ?? '') ? timeoutsOf(pod, name) : 0
  return Math.max(LEAST_MS, (seconds + slow) * 1000 * FACTOR)
}

/** Seconds that the tests of a container take together which fail in a row because each of them times out. */
function timeoutsOf(pod: KubeObject, container: string): number {
  const { startupProbe, readinessProbe = startupProbe } =
    pod.spec.containers.find(({ name }: { name: string }) => name === container) ?? {}
  return (readinessProbe?.failureThreshold ?? 3) * (readinessProbe?.timeoutSeconds ?? 1)
}
