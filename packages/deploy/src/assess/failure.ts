import { ConnectionError, type KubeClient, type KubeObject, StatusError } from '@landfall/kube'
import type { Failure } from '../events.ts'
import { lastFailedFirst } from '../failures/workload.ts'
import { projectSource } from '../release/release.ts'
import { containersOf, goesOn } from '../view/containers.ts'
import { ownerOf } from '../view/owner.ts'
import type { ClusterView } from '../view/view.ts'
import type { FailedAssessment } from './assess.ts'

/** Lines that are shown, and read: many of them may be the same. */
const LOG_LINES = 20
const LINES_READ = 200

/** The failure of a workload, with the last lines of its container. */
export async function failureOf(
  client: KubeClient,
  namespace: string,
  view: ClusterView,
  { object, finding, pod }: FailedAssessment,
  signal?: AbortSignal,
): Promise<Failure> {
  const culprit = pod ?? culpritOf(view, object, finding.container)
  const container = finding.container ?? tellingContainer(culprit)
  const log =
    culprit === undefined || container === undefined
      ? []
      : await lastLines(client, namespace, culprit, container, signal)
  const claim = view.objects.get(`persistentvolumeclaim/${finding.claim}`)
  const source = projectSource(claim ?? view.objects.get(object), container)
  return {
    object,
    code: finding.code,
    reason: finding.reason,
    message: finding.message,
    ...(culprit === undefined ? {} : { pod: culprit.metadata.name }),
    ...(container === undefined ? {} : { container }),
    ...(finding.exitCode === undefined ? {} : { exitCode: finding.exitCode }),
    ...(log.length === 0 ? {} : { log: foldRepeats(log).slice(-LOG_LINES) }),
    ...(finding.about === undefined ? {} : { about: finding.about }),
    ...(source === undefined ? {} : { source }),
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
  }
}

/** The pod to look at when a workload as a whole has failed. */
function culpritOf(view: ClusterView, object: string, container: string | undefined) {
  const pods = [...view.pods.values()].filter((pod) => ownerOf(view, pod) === object)
  const failed = lastFailedFirst(pods)
  if (container === undefined) return failed[0] ?? pods.find(unreadyContainer) ?? pods[0]
  const ended = (pod: KubeObject) =>
    containersOf(pod).some(
      ({ name, terminated }) => name === container && terminated?.exitCode !== 0,
    )
  return failed.find(ended) ?? failed[0]
}

function unreadyContainer(pod: KubeObject): string | undefined {
  return containersOf(pod).find(
    (container) => goesOn(container) && container.running && !container.ready,
  )?.name
}

/** The container whose log says most of why a pod does not come to an end or become ready: an unready one, else the program. */
function tellingContainer(pod: KubeObject | undefined): string | undefined {
  if (pod === undefined) return undefined
  const running = containersOf(pod).filter((container) => container.running)
  const active = running.find(({ init, sidecar, gate }) => init && !sidecar && !gate)
  return unreadyContainer(pod) ?? (active ?? running.find(({ init }) => !init))?.name
}

/** Lines that repeat are shown once, with their number; so are repeated groups, such as `a b a b`. */
export function foldRepeats(lines: readonly string[]): string[] {
  const folded: string[] = []
  for (let at = 0; at < lines.length; ) {
    const { size, times } = repeatAt(lines, at)
    folded.push(...lines.slice(at, at + size))
    if (times > 1)
      folded.push(`… ${size === 1 ? 'this line' : `these ${size} lines`} ${times} times`)
    at += size * times
  }
  return folded
}

/** How many lines from a place on repeat, and how often: the shortest of at most four lines. */
function repeatAt(lines: readonly string[], at: number): { size: number; times: number } {
  for (let size = 1; size <= 4; size++) {
    let times = 1
    while (
      lines.slice(at, at + size).every((line, index) => line === lines[at + times * size + index])
    )
      times++
    if (times > 1) return { size, times }
  }
  return { size: 1, times: 1 }
}

/** What a container has printed last, in its present run or in the one before; nothing when it never ran. */
async function lastLines(
  client: KubeClient,
  namespace: string,
  pod: KubeObject,
  container: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const found = containersOf(pod).find(({ name }) => name === container)
  if (found === undefined || (!found.running && found.lastEnd === undefined)) return []
  const endedBefore = found.running && found.restarts > 0
  for (const previous of endedBefore ? [true, false] : [false, true])
    try {
      const lines: string[] = []
      const options = {
        namespace,
        pod: pod.metadata.name,
        container,
        tailLines: LINES_READ,
        previous,
      }
      for await (const line of client.logs({ ...options, signal })) lines.push(line)
      if (lines.length > 0) return lines
    } catch (error) {
      if (error instanceof ConnectionError) return []
      if (!(error instanceof StatusError)) throw error
    }
  return []
}
