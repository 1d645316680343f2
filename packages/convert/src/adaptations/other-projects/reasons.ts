import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'unknown-link': {
    outcome: 'dropped',
    dangerous: true,
    text: 'containers of other projects are not in the namespace',
    hint: 'set its location in landfall.yaml: external: { <name>: { host: <host> } }',
  },
  'external-link': { outcome: 'adapted', text: '<name> is <target>, as set in landfall.yaml' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('other-projects', TABLE)
