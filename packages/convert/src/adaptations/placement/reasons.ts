import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'runtime-class': { outcome: 'adapted', text: 'the RuntimeClass <class>' },
  'default-runtime': { outcome: 'kept', text: 'the default runtime of nodes' },
  'unknown-runtime': {
    outcome: 'dropped',
    dangerous: true,
    text: 'no RuntimeClass known for <runtime>',
    hint: 'set services.<service>.runtimeClass in landfall.yaml',
  },
  platform: { outcome: 'kept', text: 'runs on <platform> nodes; there is no emulation' },
  'unknown-platform': { outcome: 'dropped', text: 'no kind of node known for <platform>' },
  preferred: {
    outcome: 'adapted',
    text: 'such nodes are preferred, not required: Docker Compose ignores constraints',
  },
  'unknown-constraint': { outcome: 'dropped', text: 'not a constraint on Kubernetes nodes' },
  spread: { outcome: 'adapted', text: 'spread if possible: Docker Compose ignores it' },
  'unknown-label': { outcome: 'dropped', text: 'not a node label' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('placement', TABLE)
