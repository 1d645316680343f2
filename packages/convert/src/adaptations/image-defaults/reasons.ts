import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'pod-volume': { outcome: 'adapted', text: 'its volume <path> lives as long as the pod' },
  cache: {
    outcome: 'adapted',
    text: 'its volume <path> lives as long as the pod: nothing shows that more than a cache is in it',
    hint: 'to keep it, add a volume for <path>',
  },
  'inside-volume': { outcome: 'adapted', text: 'its volume <path> is in <volume>' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('image-defaults', TABLE)
