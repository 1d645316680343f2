import { isRefusal, type KubeClient, type KubeObject } from '@landfall/kube'
import type { DeployEvent } from '../events.ts'
import { containersOf } from '../view/containers.ts'
import { ownerOf } from '../view/owner.ts'
import { readView } from '../view/view.ts'

/**
 * Deletes the pods of these workloads that only wait for their next try, so that they try at once: after some crashes the
 * kubelet waits five minutes, and what this deploy or a person has mended would not show until then. They do not run, so
 * nothing is interrupted. A user who may not delete pods waits as before.
 */
export async function restartCrashed(
  client: KubeClient,
  namespace: string,
  workloads: readonly string[],
  onEvent: (event: DeployEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const restarted = new Set(workloads.filter((object) => !object.startsWith('job/')))
  const view = await readView(client, namespace, workloads, signal)
  for (const pod of view.pods.values()) {
    const object = ownerOf(view, pod)
    if (object === undefined || !restarted.has(object) || !waitsToTryAgain(pod)) continue
    try {
      const { name, uid } = pod.metadata
      const target = { apiVersion: 'v1', kind: 'Pod', name, namespace }
      await client.delete(target, { uid: uid as string, signal })
      onEvent({ type: 'wait', object, message: 'restarted now, after an earlier crash' })
    } catch (error) {
      if (!isRefusal(error, 'Forbidden') && !isRefusal(error, 'Conflict')) throw error
    }
  }
}

function waitsToTryAgain(pod: KubeObject): boolean {
  const containers = containersOf(pod)
  return (
    pod.metadata.deletionTimestamp === undefined &&
    containers.some(({ waiting }) => waiting?.reason === 'CrashLoopBackOff') &&
    containers.every(({ init, running, sidecar }) => !running || (init && !sidecar))
  )
}
