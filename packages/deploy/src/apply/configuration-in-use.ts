import { configurationOfPods, type KindReference, type KubeObject } from '@landfall/kube'

/** Kinds that hold the earlier pod templates of workloads, to which `kubectl rollout undo` goes back. */
export const TEMPLATE_KINDS: readonly KindReference[] = [
  { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  { apiVersion: 'apps/v1', kind: 'ControllerRevision' },
]

/** The ConfigMaps and Secrets (`configmap/web-files-3f9c51aa07`) that pod templates of the past use, as far as the cluster keeps them. */
export function configurationInUse(live: Iterable<KubeObject>): ReadonlySet<string> {
  const found = new Set<string>()
  for (const object of live) {
    const owner = object.kind === 'ControllerRevision' ? object.data : object
    if (!TEMPLATE_KINDS.some(({ kind }) => kind === object.kind)) continue
    for (const { kind, name } of configurationOfPods(owner ?? {}))
      found.add(`${kind.toLowerCase()}/${name}`)
  }
  return found
}
