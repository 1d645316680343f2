import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  image: { outcome: 'kept', text: 'the image of the container' },
  'unknown-metadata': { outcome: 'kept', text: 'image metadata unknown: <why>' },
  'well-known': {
    outcome: 'kept',
    text: 'users and volumes from the table of well-known images; metadata unknown: <why>',
  },
  built: { outcome: 'adapted', text: 'builds <image> before deployment' },
  'build-cache': {
    outcome: 'ignored',
    text: 'only affects how the image is built, not what is in it',
  },
  'build-host-network': {
    outcome: 'adapted',
    text: 'builds <image> in a network without the servers of this machine',
  },
  'build-metadata': {
    outcome: 'ignored',
    text: 'names and labels of the image, which no program reads',
  },
  'build-platforms': {
    outcome: 'ignored',
    text: 'the image is built for one platform: that of the nodes or of the machine if it is listed, else the first',
  },
  'built-at': {
    outcome: 'adapted',
    text: 'builds <image> before deployment from <context> at <revision>',
  },
  'remote-context': {
    outcome: 'adapted',
    text: 'builds <image> before deployment from <context>, which is fetched then',
  },
  'invalid-context': { outcome: 'refused', text: 'this build context cannot be fetched' },
  'build-option': {
    outcome: 'dropped',
    dangerous: true,
    text: 'the image is built without it, and may differ',
  },
  'pull-policy': { outcome: 'kept', text: 'imagePullPolicy <policy>' },
  'default-pull-policy': { outcome: 'ignored', text: 'imagePullPolicy IfNotPresent' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('images-and-builds', TABLE)
