import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Whether a program is in one of the directories of a PATH; by default that of this process. */
export function isInPath(program: string, path = process.env.PATH ?? ''): boolean {
  return path.split(':').some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
