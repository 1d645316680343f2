import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'ready-or-not': {
    outcome: 'adapted',
    text: 'its names lead to it whether it is ready or not: <why>',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('reach', TABLE)
