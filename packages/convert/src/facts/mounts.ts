import type { Mount } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../conversion.ts'

/** What a mount of a service is, from what can be seen where the conversion runs. */
export type MountFact =
  | { kind: 'volume'; volume: string }
  | { kind: 'anonymous' }
  | { kind: 'tmpfs' }
  | { kind: 'file' | 'tree'; source: string }
  | { kind: 'missing'; source: string }
  | { kind: 'engine-socket' | 'system' | 'foreign-directory' | 'special'; source: string }
  | { kind: 'unknown' }

const ENGINE_SOCKETS =
  /^\/(var\/)?run\/(docker|podman|containerd)(\/.*)?\.sock$|^\/(var\/)?run\/(docker|containerd)\/?$/

/** Directories that belong to a machine rather than to a project. */
const SYSTEM = /^\/($|(bin|boot|dev|etc|lib|lib64|proc|root|run|sbin|sys|usr|var)(\/|$))/

/** Each mount of a service with its index in the Compose file. */
export function mountsOf(service: ServiceConversion): [number, Mount][] {
  return [...(service.compose.volumes ?? []).entries()]
}

export function mountFact(conversion: Conversion, mount: Mount): MountFact {
  if (mount.type === 'volume')
    return mount.source === undefined || mount.source === ''
      ? { kind: 'anonymous' }
      : { kind: 'volume', volume: mount.source }
  if (mount.type === 'tmpfs') return { kind: 'tmpfs' }
  if (mount.type !== 'bind' || mount.source === undefined) return { kind: 'unknown' }
  return bindFact(conversion, mount, mount.source)
}

function bindFact(
  { files, projectDirectory }: Conversion,
  mount: Mount,
  source: string,
): MountFact {
  if (ENGINE_SOCKETS.test(source)) return { kind: 'engine-socket', source }
  const inProject = source === projectDirectory || source.startsWith(`${projectDirectory}/`)
  if (!inProject && SYSTEM.test(source)) return { kind: 'system', source }
  const found = files.stat(source)
  if (found === undefined) return { kind: 'missing', source }
  if (found.kind === 'file') return { kind: 'file', source }
  if (found.kind === 'other') return { kind: 'special', source }
  const entries = files.list(source) ?? []
  if (entries.length === 0) return { kind: 'missing', source }
  if (inProject || mount.read_only === true) return { kind: 'tree', source }
  return { kind: 'foreign-directory', source }
}
