import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  isolated: {
    outcome: 'adapted',
    text: 'isolated by a NetworkPolicy, if the cluster network enforces policies',
  },
  'shares-a-pod': {
    outcome: 'dropped',
    text: 'not isolated: it runs in one pod with <other>, which has a network',
    hint: 'remove pid or ipc, by which they share the pod, to isolate it',
  },
  'waits-for-others': {
    outcome: 'dropped',
    text: 'not isolated: it waits for others over the network',
    hint: 'remove depends_on and waitsFor of this service to isolate it',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('network-policy', TABLE)
