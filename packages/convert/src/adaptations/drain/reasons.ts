import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'grace-after-pause': {
    outcome: 'adapted',
    text: 'it begins after a pause of <seconds> s, which is added to it',
  },
  'hook-after-pause': {
    outcome: 'adapted',
    text: 'it runs after a pause of <seconds> s, in which the program serves on',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('drain', TABLE)
