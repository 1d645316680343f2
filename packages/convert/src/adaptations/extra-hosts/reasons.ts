import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'host-alias': { outcome: 'kept', text: 'hostAliases: <name> is <address>' },
  'host-gateway': {
    outcome: 'adapted',
    text: 'hostAliases: <name> is <address>, as set in landfall.yaml',
  },
  'invalid-name': {
    outcome: 'dropped',
    dangerous: true,
    text: '<name> is not a valid name in the hosts file of a pod',
    hint: 'use a name of letters, digits, dots and hyphens',
  },
  'unknown-gateway': {
    outcome: 'dropped',
    dangerous: true,
    text: 'a pod has no host-gateway',
    hint: 'set the address of that machine in landfall.yaml: hostGateway: 10.0.0.5',
  },
  'invalid-address': {
    outcome: 'dropped',
    dangerous: true,
    text: '<address> is not an address in the cluster',
    hint: 'give <name> an address that pods can reach',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('extra-hosts', TABLE)
