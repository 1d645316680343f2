import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'grace-period': { outcome: 'kept', text: 'terminationGracePeriodSeconds' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('stopping', TABLE)
