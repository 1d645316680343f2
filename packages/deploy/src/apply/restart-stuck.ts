import { isRefusal, type KubeClient, type KubeObject } from '@landfall/kube'
import type { DeployEvent } from '../events.ts'
import { containersOf } from '../view/containers.ts'
import { ownerOf } from '../view/owner.ts'
import { readView } from '../view/view.ts'
import { listKinds } from './observe.ts'

/**
 * Deletes the pods of these workloads that cannot go on by themselves, so that new ones try at once. A user who may not delete pods waits as
 * before.
 */
export async function restartStuck(
  client: KubeClient,
  namespace: string,
  workloads: readonly string[],
  onEvent: (event: DeployEvent) => void,
  signal?: AbortSignal,
): Promise<void> {
  const restarted = new Set(workloads.filter((object) => !object.startsWith('job/')))
  const view = await readView(client, namespace, workloads, signal)
  const accounts = await accountsOf(client, namespace, [...view.pods.values()], signal)
  for (const pod of view.pods.values()) {
    const object = ownerOf(view, pod)
    const reason = reasonToRestart(pod, accounts)
    if (object === undefined || !restarted.has(object) || reason === undefined) continue
    try {
      const { name, uid } = pod.metadata
      const target = { apiVersion: 'v1', kind: 'Pod', name, namespace }
      await client.delete(target, { uid: uid as string, signal })
      onEvent({ type: 'wait', object, message: reason })
    } catch (error) {
      if (!isRefusal(error, 'Forbidden') && !isRefusal(error, 'Conflict')) throw error
    }
  }
}

/** Why a pod has to be replaced by a new one, as it is shown. */
function reasonToRestart(
  pod: KubeObject,
  accounts: ReadonlyMap<string, KubeObject>,
): string | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined
  if (waitsToTryAgain(pod)) return 'restarted now, after an earlier crash'
  const account = accounts.get(pod.spec.serviceAccountName)
  if (account !== undefined && madeAt(pod) < madeAt(account))
    return 'restarted now: its ServiceAccount was created again, and tokens of the earlier one are not valid'
  return undefined
}

/**
 * After some crashes the kubelet waits five minutes, and what this deploy or a person has mended would not show until then. Such a pod does not
 * run, so nothing is interrupted.
 */
function waitsToTryAgain(pod: KubeObject): boolean {
  const containers = containersOf(pod)
  return (
    containers.some(({ waiting }) => waiting?.reason === 'CrashLoopBackOff') &&
    containers.every(({ init, running, sidecar }) => !running || (init && !sidecar))
  )
}

/** The accounts that pods were given, by name; none where all have the default one, or one may not look. */
async function accountsOf(
  client: KubeClient,
  namespace: string,
  pods: readonly KubeObject[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, KubeObject>> {
  const named = ({ spec }: KubeObject) => (spec.serviceAccountName ?? 'default') !== 'default'
  if (!pods.some(named)) return new Map()
  try {
    const kind = { apiVersion: 'v1', kind: 'ServiceAccount' }
    const found = await listKinds(client, namespace, [kind], signal)
    return new Map([...found.values()].map((account) => [account.metadata.name, account]))
  } catch (error) {
    if (!isRefusal(error, 'Forbidden')) throw error
    return new Map()
  }
}

function madeAt({ metadata }: KubeObject): number {
  return Date.parse(String(metadata.creationTimestamp))
}
