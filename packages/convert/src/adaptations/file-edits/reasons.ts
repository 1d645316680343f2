import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'value-set': { outcome: 'adapted', text: 'landfall.yaml sets <pointer>' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('file-edits', TABLE)
