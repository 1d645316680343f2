import { isAbsolute, join } from 'node:path/posix'
import type { Conversion } from '../../conversion.ts'
import type { FileSettings } from '../../settings/landfall-file.ts'

/** The absolute path of a key under `files` in landfall.yaml. */
export function settledPath({ projectDirectory }: Conversion, key: string): string {
  return isAbsolute(key) ? join(key) : join(projectDirectory, key)
}

/** What landfall.yaml says about a file or a directory of the project. */
export function settingsOfFile(conversion: Conversion, source: string): FileSettings | undefined {
  const entry = Object.entries(conversion.settings.files ?? {}).find(
    ([key]) => settledPath(conversion, key).replace(/\/$/, '') === source.replace(/\/$/, ''),
  )
  return entry?.[1]
}
