import { type Static, Type } from 'typebox'
import { line } from './line.ts'

const pointer = Type.String({
  description: 'JSON Pointer (RFC 6901) into the project; empty for the project as a whole.',
})

export const place = Type.Object(
  {
    file: Type.String({
      description: 'As it was named, relative to the working directory if it is below it.',
    }),
    line: Type.Optional(Type.Integer({ minimum: 1 })),
    column: Type.Optional(Type.Integer({ minimum: 1, description: 'In UTF-16 code units.' })),
  },
  { description: 'A place in a file; line and column are those of the first character.' },
)
export type Place = Static<typeof place>

export const diagnosticLine = line('diagnostic', 'A problem of the project.', {
  code: Type.String({ description: 'A stable id: `landfall explain CODE` documents it.' }),
  severity: Type.Enum(['error', 'warning', 'note']),
  message: Type.String({ description: 'For people; the wording may change.' }),
  path: pointer,
  at: Type.Optional(place),
  related: Type.Optional(
    Type.Array(Type.Object({ message: Type.String(), at: place }), {
      description: 'Other places that belong to the problem.',
    }),
  ),
  hint: Type.Optional(Type.String({ description: 'What to do, for people.' })),
})
export type DiagnosticLine = Static<typeof diagnosticLine>

export const dropLine = line(
  'drop',
  'A dangerous drop that landfall.yaml does not accept: without the key, a program would behave differently than under Docker Compose.',
  {
    code: Type.String({
      description: 'Of the ledger entry: `landfall explain CODE` documents it.',
    }),
    path: pointer,
    reason: Type.String({ description: 'For people; the wording may change.' }),
    at: Type.Optional(place),
    hint: Type.Optional(Type.String({ description: 'What to do, for people.' })),
    accept: Type.String({
      description: 'The entry under `accept` in landfall.yaml that accepts it.',
    }),
  },
)
export type DropLine = Static<typeof dropLine>

export const checkedLine = line('checked', 'The end of `landfall check`.', {
  errors: Type.Integer(),
  warnings: Type.Integer(),
  notes: Type.Integer(),
  drops: Type.Integer(),
})

export const errorLine = line(
  'error',
  'The command failed for a reason outside of the project. It is the last line.',
  {
    code: Type.String({ description: 'A stable id: `landfall explain CODE` documents it.' }),
    message: Type.String({ description: 'For people; the wording may change.' }),
    hint: Type.Optional(Type.String({ description: 'What to do, for people.' })),
  },
)
