import { Type } from 'typebox'
import { line } from './line.ts'

export const writtenLine = line('written', 'The end of `landfall convert`.', {
  directory: Type.String({ description: 'Absolute path.' }),
  files: Type.Array(Type.String(), { description: 'Names in the directory.' }),
})
