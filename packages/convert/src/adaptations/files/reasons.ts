import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  mounted: { outcome: 'adapted', text: '<files> from <source>, with the same path and modes' },
  copied: {
    outcome: 'adapted',
    text: '<files> from <source>, with the same path and modes; each pod has its own copy, whose changes are lost with the pod',
    hint: 'mount it read-only (:ro) if the program only reads: the pod then starts faster',
  },
  'not-shared': { outcome: 'adapted', text: 'changes are not visible to <services>' },
  'empty-directory': {
    outcome: 'adapted',
    text: 'an empty directory; its content is lost with the pod',
    hint: 'use a named volume to keep it',
  },
  'missing-source': {
    outcome: 'adapted',
    text: 'the source does not exist: an empty directory, as Docker creates; its content is lost with the pod',
    hint: 'use a named volume to keep it',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('files', TABLE)
