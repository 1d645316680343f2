import { relative } from 'node:path/posix'
import { ownValue, spanOf, toPointer } from '@landfall/diagnostic'
import type { Conversion } from '../../conversion.ts'
import { settingsOfFile } from '../mounts/file-settings.ts'
import { mountsOf, type ServiceMount } from '../mounts/mounts-of.ts'
import { standardDevice } from '../mounts/standard-devices.ts'
import { volumeKind } from '../mounts/volume-kinds.ts'
import type { Bind } from './bind.ts'
import { behindLinks, cleanPath, isWithin } from './paths.ts'

/** All binds of all services, in the order of the services; those of `volumes_from` at each borrower as well. */
export function collectBinds(conversion: Conversion): Bind[] {
  const binds = findBinds(conversion)
  const inside = binds.filter(({ inProject }) => inProject)
  return binds.map((bind) =>
    inside.some(({ source }) => isWithin(bind.source, source))
      ? { ...bind, inProject: true }
      : bind,
  )
}

function findBinds(conversion: Conversion): Bind[] {
  return conversion.services.flatMap((service) =>
    mountsOf(conversion, service).flatMap((mounted) => {
      const bound = sourceOf(conversion, mounted)
      const { mount } = mounted
      if (bound === undefined || standardDevice(conversion, service, mount) !== undefined) return []
      const declared = settingsOfFile(conversion, service, bound.source).writable
      const written = declared ?? mount.read_only !== true
      const source = behindLinks(conversion, bound.source)
      const isInside = isWithin(source, conversion.projectDirectory)
      const seen = {
        ...bound,
        ...seenAs(conversion, isInside ? { ...bound, source } : bound, mounted),
        source,
      }
      return [{ service, mounted, target: cleanPath(mount.target), written, ...seen }]
    }),
  )
}

function sourceOf(
  { project }: Conversion,
  { mount }: ServiceMount,
): Pick<Bind, 'source' | 'volume'> | undefined {
  const { type, source = '', volume } = mount
  if (source === '') return undefined
  if (type === 'bind') return { source: cleanPath(source) }
  if (type !== 'volume') return undefined
  const declared = ownValue(project.volumes, source)
  const kind = declared?.external === true ? undefined : volumeKind(declared)
  if (kind?.kind !== 'host' || !kind.path.startsWith('/')) return undefined
  const path = volume?.subpath === undefined ? kind.path : `${kind.path}/${volume.subpath}`
  return { source: cleanPath(path), volume: source }
}

/**
 * Whether the files at the source of a bind go with the project, and how the source is shown. Inside is what is in the
 * directory of the project, and what the Compose file writes as a relative path (`../shared`, `$PWD/../shared`). An absolute path or one of a
 * home directory is another on each machine; that of a home directory is shown alike for every user.
 */
function seenAs(
  conversion: Conversion,
  { source, volume }: Pick<Bind, 'source' | 'volume'>,
  { owner, index }: ServiceMount,
): Pick<Bind, 'shown' | 'inProject'> {
  const { projectDirectory, environment } = conversion
  const path = relative(projectDirectory, source)
  if (path === '') return { shown: '.', inProject: true }
  if (!path.startsWith('..')) return { shown: `./${path}`, inProject: true }
  const text = writtenAt(
    conversion,
    volume === undefined
      ? toPointer(['services', owner, 'volumes', index, 'source'])
      : toPointer(['volumes', volume, 'driver_opts', 'device']),
  )
  if (/^(\$\{\w+:?-|(\$PWD|\$\{PWD\})\/)?\.\.?(\/|:|["'}]|$)/.test(text))
    return { shown: path, inProject: true }
  const home = environment?.HOME
  if (/^(\$\{\w+:?-)?(~|\$HOME|\$\{HOME\})(\/|$)/.test(text) && home !== undefined)
    return { shown: `~/${relative(home, source)}`, inProject: false }
  return { shown: source, inProject: false }
}

/** Whether the Compose file forbids Docker to create a missing source: a key that the canonical project does not have. */
export function isForbiddenToCreate(conversion: Conversion, { mounted, volume }: Bind): boolean {
  if (volume !== undefined) return false
  const text = writtenAt(
    conversion,
    toPointer(['services', mounted.owner, 'volumes', mounted.index, 'bind']),
  )
  return /create_host_path["']?\s*:\s*["']?(false|no|off|n)\b/i.test(text)
}

/** The text of a value in the Compose file, without a quote in front of it. */
function writtenAt({ origins, sources }: Conversion, pointer: string): string {
  const span = spanOf(origins, pointer)
  const text = span === undefined ? undefined : sources?.get(span.file)
  return text?.slice(span?.start, span?.end).replace(/^["']/, '') ?? ''
}
