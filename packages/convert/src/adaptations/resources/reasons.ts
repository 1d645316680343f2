import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  resources: { outcome: 'kept', text: 'resources of the container' },
  lowered: { outcome: 'adapted', text: 'lowered to the limit, which a request cannot exceed' },
  'ephemeral-storage': {
    outcome: 'adapted',
    text: 'a pod that writes more is evicted and restarts',
  },
  'no-quota': { outcome: 'ignored', text: 'no effect without cpu_quota' },
  quota: { outcome: 'kept', text: 'a limit of <cpus> CPUs' },
  'storage-option': { outcome: 'dropped', text: 'a storage option of the Docker Engine' },
  'no-swap': { outcome: 'kept', text: 'a pod has no swap' },
  swap: { outcome: 'dropped', text: 'a pod has no swap, unless its node is configured for it' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('resources', TABLE)
