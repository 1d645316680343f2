import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'once-per-pod': {
    outcome: 'adapted',
    text: 'runs once in each pod of <pod>, and again if it fails',
  },
  'not-retried': { outcome: 'kept', text: 'runs again only if its pod is lost, not if it fails' },
  retried: { outcome: 'adapted', text: 'runs again if it fails, up to <count> times' },
  'runs-once': { outcome: 'adapted', text: 'runs once: it is a one-shot' },
  'inferred-job': {
    outcome: 'adapted',
    text: 'runs once, as a Job: <why>',
    hint: 'to undo: services.<service>.oneShot: false in landfall.yaml',
  },
  'inferred-once-per-pod': {
    outcome: 'adapted',
    text: 'runs once, in each pod of <pod>: <why>',
    hint: 'to undo: services.<service>.oneShot: false in landfall.yaml',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('one-shot-to-job', TABLE)
