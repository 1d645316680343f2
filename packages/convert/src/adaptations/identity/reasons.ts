import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'hostname-per-copy': {
    outcome: 'adapted',
    text: 'the host name of a copy is <pod>; <written> resolves to it',
  },
  'value-per-copy': { outcome: 'kept', text: 'each copy has its own number in it' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('identity', TABLE)
