import { FIELD_MANAGER, type KubeClient, type KubeObject } from '@landfall/kube'
import { objectKey } from '../release/inventory.ts'

/** Owner of a number of pods that is left to an autoscaler. */
export const HAND_OVER_MANAGER = 'landfall-scale'

interface Owned {
  manager?: string
  fieldsV1?: { 'f:spec'?: Record<string, unknown> }
}

/** The least number of pods of each workload that an autoscaler of these objects scales, by inventory key. */
export function autoscaledFloors(objects: readonly KubeObject[]): Map<string, number> {
  const floors = new Map<string, number>()
  for (const { kind, metadata, spec } of objects) {
    if (kind !== 'HorizontalPodAutoscaler') continue
    const { apiVersion, kind: scaled, name } = spec.scaleTargetRef
    const { namespace } = metadata
    const target = { apiVersion, kind: scaled, metadata: { name, ...(namespace && { namespace }) } }
    floors.set(objectKey(target), spec.minReplicas ?? 1)
  }
  return floors
}

/**
 * The number of pods that a workload must be given before it is left to its autoscaler; undefined if it has one already. What is not declared
 * any more would become 1, if Landfall alone has declared it. https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
 */
export function replicasToHandOver(
  live: KubeObject | undefined,
  floor: number,
): number | undefined {
  if (live === undefined) return floor
  const replicas: number = live.spec?.replicas ?? 1
  const owners = ((live.metadata.managedFields ?? []) as Owned[]).filter(
    ({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
  )
  const isOurs = owners.some(({ manager }) => manager === FIELD_MANAGER)
  return isOurs || replicas < floor ? Math.max(replicas, floor) : undefined
}

/** Sets the number of pods in the name of an owner that never declares it again, so that it stays until the autoscaler changes it. */
export async function handOver(
  client: KubeClient,
  { apiVersion, kind, metadata: { name, namespace } }: KubeObject,
  replicas: number,
  signal?: AbortSignal,
): Promise<void> {
  const metadata = { name, ...(namespace !== undefined && { namespace }) }
  await client.apply(
    { apiVersion, kind, metadata, spec: { replicas } },
    { signal, fieldManager: HAND_OVER_MANAGER },
  )
}
