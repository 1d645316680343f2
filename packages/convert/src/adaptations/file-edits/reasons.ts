import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'value-set': { outcome: 'adapted', text: 'landfall.yaml sets <pointer>' },
  'value-added': {
    outcome: 'adapted',
    text: 'landfall.yaml adds <pointer>, which the file does not have',
  },
  'value-deleted': { outcome: 'adapted', text: 'landfall.yaml deletes <pointer>' },
  'value-of-secret': {
    outcome: 'adapted',
    text: '<pointer> is <key> of the Secret <secret>, which must exist',
    hint: 'kubectl create secret generic <secret> --from-literal=<key>=VALUE',
  },
  'value-of-pod': { outcome: 'adapted', text: '<pointer> is the <what> of the pod' },
  'now-secret': {
    outcome: 'adapted',
    text: '<name> is in a Secret, because of a value that landfall.yaml sets',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('file-edits', TABLE)
