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
  files: Type.Array(Type.String(), {
    description: 'Names in the directory of the files that have what the project gives.',
  }),
  kept: Type.Array(
    Type.Object({
      file: Type.String(),
      state: Type.Enum(['changed', 'outdated', 'foreign', 'abandoned'], {
        description:
          '`changed` by hand; `outdated`: changed by hand, and the project has changed since; `foreign`: not written by Landfall; `abandoned`: changed by hand and no longer generated.',
      }),
      added: Type.Optional(Type.Integer({ description: 'Lines that `--force` would add.' })),
      removed: Type.Optional(Type.Integer({ description: 'Lines that `--force` would remove.' })),
    }),
    { description: 'Files that are left as they are. All but `changed` make the exit code 1.' },
  ),
  removed: Type.Array(Type.String(), {
    description: 'Files that are no longer generated and were removed.',
  }),
})
