import { posix } from 'node:path'
import { toPointer } from '@landfall/diagnostic'
import type { Converted } from '../question.ts'

/** What Docker mounts at a path of a container. */
export interface DockerMount {
  service: string
  /** Path in the container, without a slash at its end. */
  target: string
  /** JSON Pointer of the key that declares it. */
  at: string
  readOnly: boolean
  /** Of a bind: the path of Docker's machine, with links followed. */
  host?: string
  /** The same as the Compose file writes it, or relative to the project. */
  shown?: string
  /** Of a volume: its key, or a name of its own if it is anonymous. */
  volume?: string
  /** Directory of the volume. */
  part: string
  anonymous: boolean
  memory: boolean
}

/** A path without double slashes, dots and a slash at its end. */
export function clean(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/+$/, '')
}

/** Whether a path is another one or below it. */
export function isWithin(path: string, top: string): boolean {
  return path === top || path.startsWith(top === '/' ? '/' : `${top}/`)
}

/** All mounts of all services; what `volumes_from` borrows is a mount of the borrower, unless that has its own there. */
export function dockerMounts(converted: Converted): DockerMount[] {
  return Object.keys(converted.project.services).flatMap((service) =>
    mountsOf(converted, service, []),
  )
}

function mountsOf(
  converted: Converted,
  service: string,
  borrowers: readonly string[],
): DockerMount[] {
  const keys = converted.project.services[service]
  if (keys === undefined || borrowers.includes(service)) return []
  const own = (keys.volumes ?? []).map((mount, index): DockerMount => {
    const { type, source = '', target, read_only, volume } = mount
    const declared = type === 'volume' ? converted.project.volumes?.[source] : undefined
    const options = (declared?.driver_opts ?? {}) as Record<string, unknown>
    const device = /\bbind\b/.test(String(options.o ?? '')) ? String(options.device) : undefined
    const bound = type === 'bind' ? source : device
    const part = volume?.subpath ?? ''
    return {
      service,
      target: clean(target),
      at: toPointer(['services', service, 'volumes', index]),
      readOnly: read_only === true,
      part,
      anonymous: type === 'volume' && source === '',
      memory: type === 'tmpfs',
      ...(bound === undefined
        ? type === 'volume' && { volume: source || `${service} ${target}` }
        : {
            host: converted.realPath(clean(posix.join(bound, part))),
            shown: clean(posix.join(bound, part)),
          }),
    }
  })
  const lenders = Array.isArray(keys.volumes_from) ? keys.volumes_from.map(String) : []
  const borrowed = lenders.flatMap((text, index) => {
    const [lender = '', mode] = text.split(':')
    return mountsOf(converted, lender, [...borrowers, service]).map((mount) => ({
      ...mount,
      service,
      at: toPointer(['services', service, 'volumes_from', index]),
      readOnly: mount.readOnly || mode === 'ro',
    }))
  })
  const taken = new Set(own.map(({ target }) => target))
  return [...own, ...borrowed.filter(({ target }) => !taken.has(target))]
}

/** The mount that a container sees at a path: the deepest one. */
export function mountSeenAt(
  mounts: readonly DockerMount[],
  service: string,
  path: string,
): DockerMount | undefined {
  return mounts
    .filter((mount) => mount.service === service && isWithin(path, mount.target))
    .sort((a, b) => b.target.length - a.target.length)[0]
}
