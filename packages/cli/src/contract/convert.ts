import { Type } from 'typebox'
import { line } from './line.ts'

export const requiredLine = line(
  'required',
  'What the manifests need and do not contain. Printed only if there is something.',
  {
    claims: Type.Array(Type.String(), {
      description: 'PersistentVolumeClaims that must exist in the namespace.',
    }),
    secrets: Type.Array(Type.String(), { description: 'Secrets that must exist.' }),
    configMaps: Type.Array(Type.String(), { description: 'ConfigMaps that must exist.' }),
    images: Type.Array(Type.String(), {
      description: 'Images that must be built and pushed; `landfall up` does that.',
    }),
  },
)

export const writtenLine = line('written', 'The end of `landfall convert`.', {
  directory: Type.String({ description: 'Absolute path.' }),
  files: Type.Array(Type.String(), { description: 'Names in the directory.' }),
})
