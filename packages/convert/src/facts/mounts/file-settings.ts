import { isAbsolute, join } from 'node:path/posix'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { FileSettings } from '../../settings/landfall-file.ts'

/** The absolute path of a key under `files` in landfall.yaml. */
export function settledPath({ projectDirectory }: Conversion, key: string): string {
  return isAbsolute(key) ? join(key) : join(projectDirectory, key)
}

/** What landfall.yaml says about a file or a directory of the project, for one service: its own settings count more. */
export function settingsOfFile(
  conversion: Conversion,
  { settings }: Pick<ServiceConversion, 'settings'>,
  source: string,
): FileSettings {
  const of = (files: Readonly<Record<string, FileSettings>> = {}) =>
    Object.entries(files).find(
      ([key]) => settledPath(conversion, key).replace(/\/$/, '') === source.replace(/\/$/, ''),
    )?.[1]
  return { ...of(conversion.settings.files), ...of(settings.files) }
}
