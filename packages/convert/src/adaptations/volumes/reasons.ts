import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  volume: { outcome: 'kept', text: 'the volume <volume>' },
  anonymous: { outcome: 'adapted', text: 'an empty directory that lives as long as the pod' },
  'anonymous-claim': {
    outcome: 'adapted',
    text: 'a PersistentVolumeClaim, because Docker keeps an anonymous volume when the container is replaced',
    hint: 'for another size: volumes: { "<volume>": { size: 10Gi } } in landfall.yaml',
  },
  memory: { outcome: 'kept', text: 'a directory in memory' },
  'shared-memory': { outcome: 'kept', text: 'a directory in memory at /dev/shm' },
  storage: {
    outcome: 'adapted',
    text: 'storage, because <why>: a PersistentVolumeClaim',
    hint: 'for another size: volumes: { <volume>: { size: 10Gi } } in landfall.yaml',
  },
  'storage-filled': {
    outcome: 'adapted',
    text: 'storage, because <why>: a PersistentVolumeClaim with <files> of the project',
    hint: 'if the program only reads it, mount it read-only (:ro) or set volumes: { <volume>: { as: config } } in landfall.yaml',
  },
  'storage-outside': {
    outcome: 'adapted',
    text: 'storage, because <why>: a PersistentVolumeClaim, which is initially empty',
    hint: 'copy the content of <path> into it (kubectl cp); for another size: volumes: { <volume>: { size: 10Gi } } in landfall.yaml',
  },
  uploaded: {
    outcome: 'adapted',
    text: 'storage, because <why>: the PersistentVolumeClaim into which <volume> is copied',
  },
  upload: {
    outcome: 'dropped',
    dangerous: true,
    text: '<volume> is too large for ConfigMaps (<files>, <size>): it has to be copied into its PersistentVolumeClaim',
    hint: '`landfall up` copies it; docs/storage.md shows how to copy it with kubectl; or put it into an image',
  },
  'other-container': {
    outcome: 'dropped',
    dangerous: true,
    text: 'a container outside the project',
    hint: 'declare its volumes in the project',
  },
  'nothing-to-share': { outcome: 'ignored', text: '<name> has no volumes to share' },
  unused: { outcome: 'ignored', text: 'no service mounts it' },
  'existing-claim': {
    outcome: 'adapted',
    text: 'the PersistentVolumeClaim <claim>, which must exist',
    hint: 'create it, with the data, before the project starts',
  },
  claim: { outcome: 'adapted', text: 'one PersistentVolumeClaim of <size>' },
  'shared-claim': {
    outcome: 'adapted',
    text: 'one PersistentVolumeClaim of <size>, ReadWriteMany',
  },
  nfs: { outcome: 'adapted', text: 'the NFS share <share>, mounted by each pod' },
  'memory-per-pod': { outcome: 'adapted', text: 'a directory in memory in each pod' },
  'nfs-options': {
    outcome: 'dropped',
    text: '<options>: a pod mounts NFS with the options of its node',
    hint: 'use a StorageClass with mountOptions if they matter',
  },
  'memory-not-shared': {
    outcome: 'dropped',
    dangerous: true,
    text: '<services> do not see the same memory',
    hint: 'use a volume without driver_opts',
  },
  'host-directory': { outcome: 'adapted', text: 'the bind <path>, see the services that mount it' },
  driver: {
    outcome: 'dropped',
    dangerous: true,
    text: '<options>: the StorageClass decides where the volume is stored',
    hint: 'set a class in landfall.yaml under volumes, or accept this',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('volumes', TABLE)
