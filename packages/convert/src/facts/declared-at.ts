import { relative, resolve } from 'node:path/posix'
import { fromPointer, type Origins, spanOf, toPointer } from '@landfall/diagnostic'

/**
 * Where a value of the project is declared, as `{ declaredAt: 'compose.yaml#/services/web' }`: without line numbers,
 * which would change objects, and the same wherever Landfall was started and the project directory is. Empty where no file declares it.
 */
export function declaredAt(
  {
    origins,
    projectDirectory,
    filesDirectory = projectDirectory,
    shownFrom = projectDirectory,
  }: {
    origins: Origins
    projectDirectory: string
    filesDirectory?: string
    shownFrom?: string
  },
  pointer: string,
): { declaredAt?: string } {
  const file = spanOf(origins, pointer)?.file
  if (file === undefined) return {}
  const shown = file === '-' ? file : relative(filesDirectory, resolve(shownFrom, file))
  return { declaredAt: `${shown}#${toPointer(fromPointer(pointer))}` }
}
