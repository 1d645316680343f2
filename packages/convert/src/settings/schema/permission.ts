import { type Static, Type } from 'typebox'
import { mapping } from './shapes.ts'

const name = Type.String({ pattern: '^[^ ]+$' })

export const permission = mapping('One rule of a Role, in the namespace of the project.', {
  apiGroups: Type.Array(Type.String({ pattern: '^[^ ]*$' }), {
    description:
      'The API groups of the resources, "" for the core group. If omitted, those of the resources of Kubernetes itself.',
  }),
  resources: Type.Array(name, { description: 'Kinds of objects: deployments, pods/log.' }),
  verbs: Type.Array(name, { description: 'What is allowed: get, list, watch, create, delete.' }),
  resourceNames: Type.Array(name, {
    description: 'Names of the objects; all of them if omitted.',
  }),
})
export type Permission = Static<typeof permission>
