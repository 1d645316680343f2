import { type Static, Type } from 'typebox'
import { line } from './line.ts'

const revision = Type.Object({
  number: Type.Integer(),
  state: Type.Enum(['deploying', 'ready', 'failed', 'interrupted'], {
    description: '`interrupted`: the command ended before its verdict.',
  }),
  time: Type.String({ description: 'When it began, by the clock of the cluster (RFC 3339).' }),
  by: Type.String({ description: 'User and machine.' }),
  command: Type.String({ description: '`up` or `rollback`.' }),
  of: Type.Optional(Type.Integer({ description: 'The revision that it repeats.' })),
  changes: Type.Array(Type.String(), {
    description: 'Operations and objects: `update deployment/web`.',
  }),
  failure: Type.Optional(
    Type.Object({
      object: Type.String(),
      code: Type.String(),
      reason: Type.String(),
      message: Type.String(),
    }),
  ),
  version: Type.Optional(Type.String({ description: 'Of Landfall.' })),
  environment: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  git: Type.Optional(
    Type.Object(
      {
        commit: Type.String(),
        dirty: Type.Boolean({
          description: 'Whether files of the project were not as in the commit.',
        }),
      },
      { description: 'Where the working tree of the project was.' },
    ),
  ),
})

export const historyLine = line('history', 'The revisions of a release that are kept.', {
  release: Type.String(),
  namespace: Type.String(),
  revisions: Type.Array(revision, { description: 'The oldest first.' }),
})
export type HistoryLine = Static<typeof historyLine>
