import { conditionOf, GATE_PREFIX, type KubeObject } from '@landfall/kube'
import { containersOf, goesOn, type ObservedContainer } from './containers.ts'

/**
 * How far a pod is, the least far first. `gated`: it waits for another workload. `moving`: it is on its way by itself.
 */
export type Stage = 'gated' | 'moving' | 'ready' | 'over'

export interface PodProgress {
  stage: Stage
  /** A sentence for people. */
  message: string
}

/**
 * What a pod is doing, as far as nothing is wrong with it, as a sentence about its workload.
 * `gateLine` is the last line of the gate that it waits in, `before` the pod that has to end first.
 */
export function podProgress(
  pod: KubeObject,
  events: readonly KubeObject[],
  gateLine: string | undefined,
  before?: KubeObject,
): PodProgress {
  const moving = (message: string): PodProgress => ({ stage: 'moving', message })
  if (pod.metadata.deletionTimestamp !== undefined)
    return { stage: 'over', message: 'is terminating' }
  const { phase } = pod.status ?? {}
  if (phase === 'Succeeded' || phase === 'Failed') return { stage: 'over', message: 'has ended' }
  const containers = containersOf(pod)
  // The condition is of a moment ago: a program may have ended since.
  const allRun = containers.every((container) => !goesOn(container) || container.running)
  if (allRun && conditionOf(pod, 'Ready')?.status === 'True')
    return { stage: 'ready', message: 'is ready' }
  const gate = containers.find((container) => container.gate && container.running)
  if (gate !== undefined) return { stage: 'gated', message: gateLine ?? gateWords(gate) }
  if (before !== undefined) return moving(`waits until ${before.metadata.name} has ended`)
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status === 'False')
    // the scheduler tries again by itself after errors of its own
    return moving(
      scheduled.reason === 'Unschedulable'
        ? `not scheduled yet: ${scheduled.message}`
        : 'not scheduled yet',
    )
  const active = containers.find(({ init, running, sidecar }) => init && running && !sidecar)
  if (active !== undefined) return moving(`runs ${active.name}`)
  const pulled = pulling(containers, events)
  if (pulled !== undefined) return moving(`pulls ${pulled}`)
  const unready = containers.find(({ init, running, ready }) => !init && running && !ready)
  if (unready !== undefined) return moving(notReady(unready, events))
  const ended = containers.find((container) => goesOn(container) && container.lastEnd !== undefined)
  return moving(ended === undefined ? 'is being created' : `${ended.name} has ended`)
}

/** `wait-for-redis-1` as a sentence, until the gate has printed one of its own. */
function gateWords({ name }: ObservedContainer): string {
  return `waiting for ${name.slice(GATE_PREFIX.length)}`
}

function notReady(
  { name, restarts, lastEnd }: ObservedContainer,
  events: readonly KubeObject[],
): string {
  const probe = unhealthyEvent(name, events)
  if (probe === undefined && restarts > 0 && lastEnd !== undefined)
    return `restarted after exit code ${lastEnd.exitCode}, not ready yet`
  return probe === undefined
    ? 'running, not ready yet'
    : `is not ready yet: ${inOneLine(probe.message)}`
}

/** What a health check printed may be a whole traceback: its last line has the error. */
function inOneLine(message: string): string {
  const lines = message.trim().replace(/:$/, '').split('\n')
  const kind = /^\w+ probe failed:/.exec(message)?.[0]
  const last = lines.at(-1)?.trim()
  return lines.length > 1 && kind !== undefined ? `${kind} … ${last}` : lines.join(' ')
}

/** The newest failure of a probe of a container. */
const unhealthyEvent = (container: string, events: readonly KubeObject[]) =>
  unhealthyEvents(container, events).at(-1)

/** The failures of the probes of a container, the newest last; an event may stand for several (`count`). */
export function unhealthyEvents(container: string, events: readonly KubeObject[]): KubeObject[] {
  return events.filter(
    ({ reason, involvedObject }) =>
      reason === 'Unhealthy' && involvedObject.fieldPath?.includes(`{${container}}`),
  )
}

/** The image that the node is pulling for a pod. */
function pulling(
  containers: readonly ObservedContainer[],
  events: readonly KubeObject[],
): string | undefined {
  const last = events.findLast(
    ({ reason }) => reason === 'Pulling' || reason === 'Pulled' || reason === 'Failed',
  )
  if (last?.reason !== 'Pulling') return undefined
  return containers.find(({ name }) => last.involvedObject.fieldPath?.includes(`{${name}}`))?.image
}
