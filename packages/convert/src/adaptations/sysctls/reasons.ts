import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'pod-sysctl': { outcome: 'kept', text: 'a sysctl of the pod' },
  'init-container': { outcome: 'adapted', text: 'set for the pod by a privileged init container' },
  unsafe: {
    outcome: 'dropped',
    dangerous: true,
    text: 'not a safe sysctl in Kubernetes',
    hint: 'let an init container set it, in landfall.yaml: services.<service>.host.sysctls: true',
  },
  'node-sysctl': {
    outcome: 'dropped',
    dangerous: true,
    text: 'a kernel setting of the whole node',
    hint: 'set it on the nodes, then accept this',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('sysctls', TABLE)
