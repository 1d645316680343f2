import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  declared: { outcome: 'kept', text: 'mounted in each service that uses it' },
  mounted: { outcome: 'kept', text: '<target> from a <kind>' },
  'mounted-with-owner': { outcome: 'kept', text: '<target> from a <kind>, owned by <owner>' },
  'existing-secret': {
    outcome: 'adapted',
    text: '<target> from the Secret <name>, which must exist',
    hint: 'kubectl create secret generic <name> --from-file=<name>=FILE',
  },
  'existing-config': {
    outcome: 'adapted',
    text: '<target> from the ConfigMap <name>, which must exist',
    hint: 'kubectl create configmap <name> --from-file=<name>=FILE',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('secrets-and-configs', TABLE)
