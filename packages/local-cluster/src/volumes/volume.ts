import type { KubeObject } from '@landfall/kube'

/** Who provides the claims of a class, and where. */
export interface Provisioner {
  /** Its name in storage classes. */
  name: string
  /** The directory under which each node sees its own volumes. */
  onNode: string
}

const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by'
const PROVISIONER_OF_CLAIM = [
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
]

/**
 * Whether a claim waits for a volume of this provisioner: the controller manager has marked it, and, as the class waits for the first
 * consumer, the scheduler has chosen a node.
 * https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
 */
export function isWaiting(claim: KubeObject, provisioner: Provisioner): boolean {
  return (
    !claim.spec?.volumeName &&
    claim.metadata.deletionTimestamp === undefined &&
    nodeOf(claim) !== undefined &&
    PROVISIONER_OF_CLAIM.some((name) => claim.metadata.annotations?.[name] === provisioner.name)
  )
}

/** The node that the scheduler chose for the first pod of a claim. */
export function nodeOf(claim: KubeObject): string | undefined {
  return claim.metadata.annotations?.[SELECTED_NODE]
}

/** Whether a volume of this provisioner has lost its claim, and its class says that it goes with it. */
export function isReleased(volume: KubeObject, provisioner: Provisioner): boolean {
  return (
    volume.status?.phase === 'Released' &&
    volume.metadata.deletionTimestamp === undefined &&
    volume.spec.persistentVolumeReclaimPolicy === 'Delete' &&
    volume.metadata.annotations?.[PROVISIONED_BY] === provisioner.name
  )
}

/** The name of the volume of a claim, the same after each attempt. */
export function volumeName(claim: KubeObject): string {
  return `pvc-${claim.metadata.uid}`
}

/** Why no directory of a node can serve a claim, or undefined. */
export function refusal(claim: KubeObject): string | undefined {
  if (claim.spec.volumeMode === 'Block') return 'block volumes are not supported'
  if (claim.spec.dataSource !== undefined || claim.spec.dataSourceRef !== undefined)
    return 'volumes that are filled from a snapshot or another claim are not supported'
  return undefined
}

/** The volume of a claim of that class: a directory on the disk of the chosen node. */
export function volumeFor(
  claim: KubeObject,
  storageClass: KubeObject,
  provisioner: Provisioner,
): KubeObject {
  const { name, namespace, uid, resourceVersion } = claim.metadata
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volumeName(claim),
      annotations: { [PROVISIONED_BY]: provisioner.name },
    },
    spec: {
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      accessModes: claim.spec.accessModes,
      volumeMode: 'Filesystem',
      capacity: { storage: claim.spec.resources.requests.storage },
      local: { path: `${provisioner.onNode}/${volumeName(claim)}` },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name,
        namespace,
        uid,
        resourceVersion,
      },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'kubernetes.io/hostname', operator: 'In', values: [nodeOf(claim)] },
              ],
            },
          ],
        },
      },
    },
  }
}

/** The node whose disk a volume is on. */
export function nodeOfVolume(volume: KubeObject): string | undefined {
  return volume.spec.nodeAffinity?.required?.nodeSelectorTerms?.[0]?.matchExpressions?.[0]
    ?.values?.[0]
}
