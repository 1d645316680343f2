import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  ids: { outcome: 'kept', text: 'runAsUser and runAsGroup' },
  'image-user': { outcome: 'kept', text: 'empty: the user of the image' },
  'image-account': { outcome: 'adapted', text: 'user <uid>, the UID of <user> in the image' },
  'table-account': {
    outcome: 'adapted',
    text: 'user <uid>, the UID of <user> in the table of well-known images; the image was not read',
    hint: 'let `landfall lock` read the image',
  },
  'unknown-user': {
    outcome: 'dropped',
    dangerous: true,
    text: 'Kubernetes needs a number, and the UID of <user> is unknown',
    hint: 'use the UID that is printed by: docker run --rm --entrypoint id <image> <account>',
  },
  group: { outcome: 'kept', text: 'supplementalGroups: <gid>' },
  'unknown-group': {
    outcome: 'dropped',
    dangerous: true,
    text: 'the GID of the group <group> is unknown',
    hint: 'use the GID',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('user', TABLE)
