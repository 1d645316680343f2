import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'as-under-compose': { outcome: 'kept', text: 'each variable with its value under Compose' },
  unset: { outcome: 'ignored', text: 'no value, and not set in the environment of the conversion' },
  'invalid-name': {
    outcome: 'dropped',
    dangerous: true,
    text: 'not a valid variable name in Kubernetes',
    hint: 'rename the variable, or accept it in landfall.yaml if the program works without it',
  },
  'existing-secret': {
    outcome: 'adapted',
    text: 'from the Secret <secret>, which must exist',
    hint: 'kubectl create secret generic <secret> --from-literal=<key>=VALUE',
  },
  'secret-by-settings': { outcome: 'adapted', text: 'from a Secret: declared in landfall.yaml' },
  'secret-by-name': {
    outcome: 'adapted',
    text: 'from a Secret: the name suggests a secret',
    hint: 'if it is not one: secrets: { plain: [<name>] } in landfall.yaml',
  },
  'secret-by-value': {
    outcome: 'adapted',
    text: 'from a Secret: the value contains <what>',
    hint: 'if it does not: secrets: { plain: [<name>] } in landfall.yaml',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('environment', TABLE)
