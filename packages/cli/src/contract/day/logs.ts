import { Type } from 'typebox'
import { line } from '../line.ts'

export const logLine = line('log', 'One line that a program of the project has printed.', {
  service: Type.String(),
  pod: Type.String(),
  container: Type.String(),
  line: Type.String({ description: 'As the program printed it.' }),
})
