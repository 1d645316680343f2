import type { KubeObject } from '@landfall/kube'
import type { ClusterView } from './view.ts'

const REVISION = 'deployment.kubernetes.io/revision'

/** The workload that a pod belongs to, by object id; undefined for a pod of its own or of another kind. */
export function ownerOf(view: ClusterView, pod: KubeObject): string | undefined {
  const owner = controllerOf(pod)
  if (owner === undefined) return undefined
  if (owner.kind !== 'ReplicaSet') return `${owner.kind.toLowerCase()}/${owner.name}`
  const replicaSet = view.replicaSets.get(owner.name)
  const deployment =
    replicaSet === undefined ? nameBeforeHash(owner.name, pod) : controllerOf(replicaSet)?.name
  return deployment === undefined ? undefined : `deployment/${deployment}`
}

/** Whether a pod was made from the template as it is now; what pods of an earlier one do says nothing about this deploy. */
export function isCurrentPod(view: ClusterView, pod: KubeObject, workload: KubeObject): boolean {
  const generation = workload.metadata.generation as number | undefined
  if ((workload.status?.observedGeneration ?? generation) < (generation ?? 0)) return false
  if (workload.kind === 'StatefulSet') {
    const revision = pod.metadata.labels?.['controller-revision-hash']
    return revision === undefined || revision === workload.status?.updateRevision
  }
  if (workload.kind !== 'Deployment') return true
  const replicaSet = view.replicaSets.get(controllerOf(pod)?.name ?? '')
  if (replicaSet === undefined) return true
  return replicaSet.metadata.annotations?.[REVISION] === workload.metadata.annotations?.[REVISION]
}

/** The ReplicaSet of the present template of each Deployment, by the name of the Deployment, as far as they can be read. */
export function currentReplicaSets(view: ClusterView): Map<string, KubeObject> {
  const current = new Map<string, KubeObject>()
  for (const replicaSet of view.replicaSets.values()) {
    const name = controllerOf(replicaSet)?.name
    const deployment = view.objects.get(`deployment/${name}`)
    if (
      name !== undefined &&
      deployment !== undefined &&
      replicaSet.metadata.annotations?.[REVISION] === deployment.metadata.annotations?.[REVISION]
    )
      current.set(name, replicaSet)
  }
  return current
}

interface OwnerReference {
  kind: string
  name: string
  controller?: boolean
}

function controllerOf(object: KubeObject): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences as OwnerReference[] | undefined
  return owners?.find((owner) => owner.controller)
}

/** A ReplicaSet is named after its Deployment and the hash that its pods carry. */
function nameBeforeHash(replicaSet: string, pod: KubeObject): string | undefined {
  const hash = pod.metadata.labels?.['pod-template-hash']
  return hash !== undefined && replicaSet.endsWith(`-${hash}`)
    ? replicaSet.slice(0, -hash.length - 1)
    : undefined
}
