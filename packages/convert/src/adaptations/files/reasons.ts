import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  mounted: { outcome: 'adapted', text: '<files> from <source>, with the same path and modes' },
  copied: {
    outcome: 'adapted',
    text: '<files> from <source>, with the same path and modes; each pod has its own copy, whose changes are lost with the pod',
    hint: 'mount it read-only (:ro) if the program only reads: the pod then starts faster',
  },
  'not-shared': { outcome: 'adapted', text: 'changes are not visible to <services>' },
  'empty-directory': { outcome: 'adapted', text: 'an empty directory, as in the project' },
  'missing-source': {
    outcome: 'adapted',
    text: 'the source does not exist: an empty directory, as Docker creates',
  },
  'in-image': {
    outcome: 'adapted',
    text: 'the image that is built from the project contains it at <target>, so it is not mounted',
    hint: 'to mount it: volumes: { <path>: { as: storage } } in landfall.yaml',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('files', TABLE)
