import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  replicas: { outcome: 'kept', text: '<pods> of a <kind>' },
  'replicas-set': { outcome: 'kept', text: '<pods> of a <kind>, as set in landfall.yaml' },
  'replicas-of-kind': { outcome: 'adapted', text: '<pods> of a <kind>' },
  mode: { outcome: 'kept', text: '<kind>: <why>' },
  'restart-first': { outcome: 'ignored', text: 'restart takes precedence' },
  'always-restarts': { outcome: 'kept', text: 'a <kind> always restarts' },
  'after-success': {
    outcome: 'adapted',
    text: 'a <kind> always restarts, also after exit code 0',
    hint: 'declare oneShot: true in landfall.yaml if it does its work once',
  },
  'long-running': { outcome: 'adapted', text: 'a <kind> always restarts, also after exit code 0' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('workload-kind', TABLE)
