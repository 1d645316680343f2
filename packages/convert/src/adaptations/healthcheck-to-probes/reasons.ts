import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  disabled: { outcome: 'kept', text: 'disabled: no probes' },
  'init-container': {
    outcome: 'ignored',
    text: 'an init container has no health: it is done when it ends',
  },
  job: { outcome: 'ignored', text: 'a Job is ready when it is complete' },
  'set-in-settings': { outcome: 'ignored', text: 'replaced by ready in landfall.yaml' },
  'no-test': { outcome: 'ignored', text: 'no test, in the project or in the image' },
  'unknown-test': {
    outcome: 'dropped',
    text: 'the test is that of the image, whose metadata is unknown: <why>',
    hint: 'add the test to the Compose file, or ready to landfall.yaml',
  },
  probes: {
    outcome: 'adapted',
    text: 'ready when the test succeeds; probed every <period> s until then',
  },
  'by-port': { outcome: 'adapted', text: 'ready when port <port> accepts connections' },
  'image-test': { outcome: 'adapted', text: 'ready when its HEALTHCHECK succeeds' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('healthcheck-to-probes', TABLE)
