import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'unusable-server': {
    outcome: 'dropped',
    text: 'no address of a DNS server that a pod can use',
    hint: 'remove it: pods use the cluster DNS',
  },
  'after-cluster-dns': {
    outcome: 'adapted',
    text: 'used if the cluster DNS does not answer: <servers>',
    hint: 'for names that only these servers know, forward their domain in the cluster DNS',
  },
  'cluster-domains': { outcome: 'dropped', text: 'pods always search the domains of the cluster' },
  'search-domains': { outcome: 'kept', text: 'searched after the domains of the cluster' },
  options: { outcome: 'kept', text: 'dnsConfig.options' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('resolver', TABLE)
