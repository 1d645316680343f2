import { setTimeout as pause } from 'node:timers/promises'
import { choosePod, isReady, type Member, podsOf } from '@landfall/deploy'
import { isRefusal, type KubeClient, type KubeObject, type PodConnection } from '@landfall/kube'

/** A new pod may take this long to be ready, in milliseconds: a connection waits for it. */
const PATIENCE_MS = 20_000

const PAUSE_MS = 300

/** Milliseconds for which pods that were read may be used: a browser opens several connections at once. */
const FRESH_MS = 500

/** Makes connections to the pods of services, to one pod after the other if there are several. */
export function podConnections(client: KubeClient, namespace: string, signal: AbortSignal) {
  const read = new Map<string, { at: number; pods: Promise<KubeObject[]> }>()
  let turn = 0
  const podsNow = (member: Member): Promise<KubeObject[]> => {
    const known = read.get(member.service)
    if (known !== undefined && performance.now() - known.at < FRESH_MS) return known.pods
    const pods = podsOf(client, namespace, member, signal)
    read.set(member.service, { at: performance.now(), pods })
    return pods
  }

  /** A connection to a port of a service. Pods that are replaced meanwhile are waited for; throws the last error if none comes. */
  return async (member: Member, port: number): Promise<PodConnection> => {
    const until = performance.now() + PATIENCE_MS
    for (;;) {
      try {
        const pods = await podsNow(member)
        const ready = pods.filter(isReady)
        const pod = ready[turn++ % ready.length]?.metadata.name ?? choosePod(member, pods).pod
        return await client.portForward({ namespace, pod, port, signal })
      } catch (error) {
        read.delete(member.service)
        const isFinal = ['Forbidden', 'Unauthorized'].some((one) => isRefusal(error, one))
        if (isFinal || signal.aborted || performance.now() > until) throw error
      }
      await pause(PAUSE_MS, undefined, { signal })
    }
  }
}
