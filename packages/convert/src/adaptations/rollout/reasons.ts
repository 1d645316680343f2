import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'one-shot': { outcome: 'ignored', text: 'a changed one-shot runs again' },
  'stops-first': {
    outcome: 'adapted',
    text: 'all pods stop before new ones start, because <why>',
  },
  'with-its-pod': {
    outcome: 'adapted',
    text: 'replaced together with the pod of <pod>, whose update_config applies',
  },
  'new-first': { outcome: 'adapted', text: '<count> at a time, new pods first' },
  'old-first': { outcome: 'adapted', text: '<count> at a time, old pods first' },
  'unlike-compose': {
    outcome: 'adapted',
    text: 'services whose new pods start before old ones stop, where Compose stops first: <count>; `landfall plan` shows which',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('rollout', TABLE)
