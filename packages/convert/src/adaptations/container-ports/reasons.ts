import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'ports-of-service': { outcome: 'kept', text: 'ports of the Service' },
  'at-pod-addresses': {
    outcome: 'adapted',
    text: '<ports> at the addresses of the pods only: too many ports for a Service',
  },
  'too-many-ports': {
    outcome: 'dropped',
    dangerous: true,
    text: 'too many ports for a Service: reachable inside the cluster only',
    hint: 'publish only the ports that are used from outside the cluster',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('container-ports', TABLE)
