import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  resolves: { outcome: 'adapted', text: '<name> resolves to <service>' },
  'host-replaced': {
    outcome: 'adapted',
    text: '<name> is replaced by <instead> in the texts of this service',
  },
  'no-fixed-address': { outcome: 'dropped', text: 'a pod has no fixed address like <address>' },
  'addresses-replaced': { outcome: 'adapted', text: 'addresses replaced: <changes>' },
  'assigned-address': {
    outcome: 'dropped',
    text: 'a pod has one address, assigned by the cluster',
  },
  'replaced-by-name': {
    outcome: 'adapted',
    text: 'the cluster assigns the address; replaced by a name in <places>',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('literal-addresses', TABLE)
