import { type Static, Type } from 'typebox'
import { line } from './line.ts'

const workload = Type.Object({
  object: Type.String({ description: '`deployment/web`' }),
  state: Type.Enum(['current', 'inProgress', 'failed']),
  message: Type.String({ description: 'For people; the wording may change.' }),
  ready: Type.Integer({ description: 'Ready pods; of a Job, completed ones.' }),
  desired: Type.Integer(),
  restarts: Type.Integer({ description: 'Of all containers of all its pods.' }),
  images: Type.Array(Type.String()),
  ageMs: Type.Number({ description: 'Milliseconds since the object was created.' }),
  pods: Type.Array(Type.String()),
  source: Type.Optional(
    Type.String({ description: 'Where it came from: `compose.yaml#/services/web`.' }),
  ),
  waitsFor: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Workloads that its pods wait for before they start; with `--tree`.',
    }),
  ),
})

export const statusLine = line('status', 'The state of a release.', {
  release: Type.String(),
  namespace: Type.String(),
  state: Type.Enum(['current', 'inProgress', 'failed', 'notFound'], {
    description:
      'The states of kstatus: `current` when all workloads are, `failed` when one has failed, `notFound` when the namespace has no such release.',
  }),
  revision: Type.Optional(Type.Integer({ description: 'Absent when there is no such release.' })),
  workloads: Type.Array(workload),
})
export type StatusLine = Static<typeof statusLine>
