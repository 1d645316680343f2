import { type Static, Type } from 'typebox'

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
