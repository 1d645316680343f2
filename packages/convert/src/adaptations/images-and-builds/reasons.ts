import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  image: { outcome: 'kept', text: 'the image of the container' },
  'unknown-metadata': { outcome: 'kept', text: 'image metadata unknown: <why>' },
  'well-known': {
    outcome: 'kept',
    text: 'users and volumes from the table of well-known images; metadata unknown: <why>',
  },
  built: { outcome: 'adapted', text: 'builds <image> before deployment' },
  'build-option': { outcome: 'dropped', text: 'this build option is not supported' },
  'pull-policy': { outcome: 'kept', text: 'imagePullPolicy <policy>' },
  'default-pull-policy': { outcome: 'ignored', text: 'imagePullPolicy IfNotPresent' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('images-and-builds', TABLE)
