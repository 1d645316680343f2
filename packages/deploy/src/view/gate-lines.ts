import type { Clock, KubeClient } from '@landfall/kube'
import { forEachConcurrently } from '../concurrent.ts'
import { openGateOf } from './containers.ts'
import type { ClusterView } from './view.ts'

const POLL_MS = 1_500
const REQUESTS_AT_ONCE = 4

/**
 * Keeps the last line of every gate that a pod waits in, by pod name, until the signal is aborted.
 * A line that cannot be read is left out: it only explains.
 */
export async function followGateLines({
  client,
  namespace,
  view,
  lines,
  onChange,
  clock,
  signal,
}: {
  client: KubeClient
  namespace: string
  view: ClusterView
  lines: Map<string, string>
  onChange: () => void
  clock: Clock
  signal: AbortSignal
}): Promise<void> {
  while (!signal.aborted) {
    if (await readGateLines(client, namespace, view, lines, signal)) onChange()
    await clock.sleep(POLL_MS, signal).catch(() => {})
  }
}

/** Reads the last line of every gate that a pod waits in now; true when one has changed. */
export async function readGateLines(
  client: KubeClient,
  namespace: string,
  view: ClusterView,
  lines: Map<string, string>,
  signal?: AbortSignal,
): Promise<boolean> {
  const waiting = [...view.pods.values()].flatMap((pod) => {
    const gate = openGateOf(pod)
    return gate === undefined ? [] : [{ pod: pod.metadata.name, container: gate.name }]
  })
  const names = new Set(waiting.map(({ pod }) => pod))
  for (const name of lines.keys()) if (!names.has(name)) lines.delete(name)
  let changed = false
  await forEachConcurrently(waiting, REQUESTS_AT_ONCE, async ({ pod, container }) => {
    try {
      for await (const line of client.logs({ namespace, pod, container, tailLines: 1, signal })) {
        changed ||= lines.get(pod) !== line
        lines.set(pod, line)
      }
    } catch {
      // the pod went away, or its node does not answer
    }
  })
  return changed
}
