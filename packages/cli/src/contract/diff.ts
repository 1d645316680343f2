import { type Static, Type } from 'typebox'
import { line } from './line.ts'

const field = Type.Object({
  field: Type.String({ description: '`spec.template.spec.containers[web].image`.' }),
  before: Type.Optional(Type.Unknown({ description: 'Absent if the field is new or hidden.' })),
  after: Type.Optional(Type.Unknown({ description: 'Absent if the field is removed or hidden.' })),
  hidden: Type.Optional(
    Type.Enum(['secret', 'content'], {
      description:
        'Why there is no value. `secret`: a value of a Secret, or of a variable that is one or is removed. `content`: of a ConfigMap.',
    }),
  ),
})

export const diffLine = line('diff', 'What differs between two states of a release.', {
  release: Type.String(),
  namespace: Type.String(),
  from: Type.Optional(Type.Integer({ description: 'A revision; absent for the cluster.' })),
  to: Type.Optional(Type.Integer({ description: 'A revision; absent for the project.' })),
  changes: Type.Array(
    Type.Object({
      object: Type.String({ description: 'Kind and name of an object: `deployment/web`.' }),
      change: Type.Enum(['create', 'update', 'replace', 'delete'], {
        description: '`replace`: deleted and created again.',
      }),
      fields: Type.Array(field, {
        description: 'Empty for an object that is created or deleted.',
      }),
    }),
  ),
  foreign: Type.Array(Type.Object({ object: Type.String(), owner: Type.String() }), {
    description: 'Objects of others with the same names: a deploy refuses to change them.',
  }),
  conflicts: Type.Array(
    Type.Object({ object: Type.String(), field: Type.String(), manager: Type.String() }),
    {
      description:
        'Fields that others have set to other values: `landfall up` refuses to change them without --force-conflicts.',
    },
  ),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      change: Type.Enum(['create', 'update', 'delete']),
    }),
    { description: 'Checks of landfall.yaml that differ.' },
  ),
})
export type DiffLine = Static<typeof diffLine>
