import { Type } from 'typebox'
import { line } from './line.ts'

export const lockLine = line('lock', 'The end of `landfall lock`.', {
  known: Type.Integer({ description: 'Number of images in landfall.lock.' }),
  images: Type.Array(
    Type.Object({
      image: Type.String(),
      state: Type.Enum(['new', 'changed']),
      digest: Type.Optional(Type.String({ description: '`sha256:…`' })),
    }),
    { description: 'Those whose entry is new or changed.' },
  ),
})
