import { type Static, Type } from 'typebox'
import { line } from '../line.ts'

/** What somebody has done to an object of a release since it was deployed. */
export const drift = Type.Object({
  object: Type.String({ description: 'Kind and name of an object: `deployment/web`.' }),
  change: Type.Enum(['missing', 'changed', 'added']),
  field: Type.Optional(
    Type.String({ description: '`spec.replicas`; absent for an object that is missing.' }),
  ),
  manager: Type.Optional(
    Type.String({ description: 'Who has set it, as the cluster records it: `kubectl-edit`.' }),
  ),
  at: Type.Optional(Type.String({ description: 'When, in RFC 3339.' })),
})
export type DriftLine = Static<typeof drift>

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
  kept: Type.Optional(
    Type.Array(
      Type.Object({
        at: Type.String({ description: 'When, in RFC 3339.' }),
        act: Type.Enum(['restart', 'run']),
        why: Type.String({ description: 'For people; the wording may change.' }),
      }),
      { description: 'What the keeper of the release has done to it, the last first.' },
    ),
  ),
  effectGone: Type.Optional(
    Type.String({
      description:
        'Of a one-shot that is complete: why its effect does not hold any more. For people.',
    }),
  ),
  effectUnknown: Type.Optional(
    Type.String({
      description:
        'Of a one-shot that is complete: why it is not known whether its effect still holds. For people.',
    }),
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
  drift: Type.Array(drift, {
    description:
      'What others have changed since it was deployed. A missing object makes the state `failed`.',
  }),
  unread: Type.Array(Type.String(), {
    description: 'Kinds that the account may not list: nothing is known of their objects.',
  }),
})
export type StatusLine = Static<typeof statusLine>
