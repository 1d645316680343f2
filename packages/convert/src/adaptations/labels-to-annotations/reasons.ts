import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'pod-annotations': {
    outcome: 'adapted',
    text: 'annotations of the pods; programs that read labels from the Docker Engine find none',
  },
  'workload-annotations': { outcome: 'adapted', text: 'annotations of the <kind>' },
  'invalid-key': { outcome: 'dropped', text: 'not a valid annotation key' },
  'reserved-key': { outcome: 'dropped', text: 'has a meaning in the cluster' },
  'too-long': { outcome: 'dropped', text: 'too long for an annotation' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('labels-to-annotations', TABLE)
