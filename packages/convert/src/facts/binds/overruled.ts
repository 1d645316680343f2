import { isAbsolute, join } from 'node:path/posix'
import { ownValue } from '@landfall/diagnostic'
import type { Conversion } from '../../conversion.ts'
import type { VolumeSettings } from '../../settings/landfall-file.ts'
import type { BindTree } from './bind.ts'
import { behindLinks, cleanPath } from './paths.ts'

/** The absolute path that a key under `volumes` in landfall.yaml means; undefined for the name of a volume. */
export function pathOfKey(conversion: Conversion, key: string): string | undefined {
  const path = writtenPath(conversion, key)
  return path === undefined ? undefined : behindLinks(conversion, path)
}

function writtenPath(
  { projectDirectory, environment }: Conversion,
  key: string,
): string | undefined {
  if (key.startsWith('~'))
    return cleanPath(`${environment?.HOME ?? '~'}${key.replace(/^~[^/]*/, '')}`)
  if (!/^[./]/.test(key)) return undefined
  return cleanPath(isAbsolute(key) ? key : join(projectDirectory, key))
}

/** The settings of a path that a service binds. */
function settingsOfPath(conversion: Conversion, source: string): VolumeSettings | undefined {
  const entry = Object.entries(conversion.settings.volumes ?? {}).find(
    ([key]) => pathOfKey(conversion, key) === source,
  )
  return entry?.[1]
}

export function overruledKind(conversion: Conversion, source: string): VolumeSettings['as'] {
  return settingsOfPath(conversion, source)?.as
}

/** What landfall.yaml says of a tree, by any of its paths or by the name of its volume; the topmost path counts first. */
export function settingsOfTree(
  conversion: Conversion,
  { binds, volume }: Pick<BindTree, 'binds' | 'volume'>,
): VolumeSettings {
  const all = [
    ownValue(conversion.settings.volumes, volume),
    ...binds.map(({ source }) => settingsOfPath(conversion, source)),
  ]
  return Object.assign({}, ...all.reverse())
}
