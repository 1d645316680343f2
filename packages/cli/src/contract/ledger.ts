import { type Static, Type } from 'typebox'
import { line } from './line.ts'
import { place } from './problems.ts'

export const ledgerFile = line('ledger', 'What became of each key of the project.', {
  entries: Type.Array(
    Type.Object({
      code: Type.String({
        description: 'Of the reason, in docs/ledger-codes.md: `landfall explain CODE`.',
      }),
      outcome: Type.Enum(['kept', 'adapted', 'ignored', 'dropped', 'refused']),
      path: Type.String({ description: 'JSON Pointer (RFC 6901) into the project.' }),
      reason: Type.String({ description: 'For people; the wording may change.' }),
      dangerous: Type.Boolean({
        description:
          'Without the key, a program would behave differently than under Docker Compose.',
      }),
      accepted: Type.Boolean({ description: 'Accepted by name in landfall.yaml.' }),
      at: Type.Optional(place),
      hint: Type.Optional(Type.String({ description: 'What to do, for people.' })),
      also: Type.Optional(
        Type.Array(Type.Object({ code: Type.String(), reason: Type.String() }), {
          description: 'What else became of the key.',
        }),
      ),
    }),
    { description: 'Sorted by path.' },
  ),
})
export type LedgerFile = Static<typeof ledgerFile>
