import { relative } from 'node:path/posix'
import type { Mount } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'

/** What a mount of a service is, from what can be seen where the conversion runs. */
export type MountFact =
  | { kind: 'volume'; volume: string }
  | { kind: 'anonymous' }
  | { kind: 'tmpfs' }
  | { kind: 'file' | 'tree'; source: string }
  /** A directory of the project in which the program keeps data. */
  | { kind: 'data'; source: string; because: string; empty: boolean }
  | { kind: 'missing'; source: string }
  | { kind: 'engine-socket' | 'system' | 'foreign-directory' | 'special'; source: string }
  | { kind: 'unknown' }

/** A mount of a service and the key that asks for it. */
export interface ServiceMount {
  mount: Mount
  /** Below the service: `['volumes', 0]`, `['volumes_from', 0]`. */
  keys: (string | number)[]
  /** The service that declares it: another one for `volumes_from`, whose key stands for all mounts of that one. */
  owner: string
  index: number
}

const ENGINE_SOCKETS =
  /^\/(var\/)?run\/(docker|podman|containerd)(\/.*)?\.sock$|^\/(var\/)?run\/(docker|containerd)\/?$/

/** Directories that belong to a machine rather than to a project. */
const SYSTEM = /^\/($|(bin|boot|dev|etc|lib|lib64|proc|root|run|sbin|sys|usr|var)(\/|$))/

/** Names of directories in which programs keep data. */
const DATA =
  'data|datadir|pgdata|db|dbs|database|databases|storage|uploads?|media|backups?|logs?|cache|state|mysql|postgresql|mongodb|redis|downloads?|repositories'
const DATA_DIRECTORY = new RegExp(`/(${DATA})/?$`, 'i')
const DATA_TARGET = new RegExp(`/(var/lib|var/log|${DATA})(/|$)`, 'i')
const DATA_SOURCE = new RegExp(`/\\.?(${DATA}|volumes?)(/|$)`, 'i')

/** Each mount of a service, those that `volumes_from` takes from others after its own. */
export function mountsOf(conversion: Conversion, service: ServiceConversion): ServiceMount[] {
  const own = [...(service.compose.volumes ?? []).entries()].map(([index, mount]) => ({
    mount,
    keys: ['volumes', index],
    owner: service.service,
    index,
  }))
  const taken = new Set(own.map(({ mount }) => mount.target))
  const others = lendersOf(service).flatMap(({ lender, readOnly, index }) => {
    const from = lender === service.service ? undefined : conversion.serviceOf(lender)
    return (from === undefined ? [] : mountsOf(conversion, from)).map((mount) => ({
      ...mount,
      mount: readOnly ? { ...mount.mount, read_only: true } : mount.mount,
      keys: ['volumes_from', index],
    }))
  })
  return [...own, ...others.filter(({ mount }) => !taken.has(mount.target))]
}

/** The services named by `volumes_from`: `db`, `db:ro`. */
function lendersOf({
  compose,
}: ServiceConversion): { lender: string; readOnly: boolean; index: number }[] {
  const list = Array.isArray(compose.volumes_from) ? compose.volumes_from.map(String) : []
  return list.flatMap((text, index) => {
    const [lender = '', mode] = text.split(':')
    return lender === 'container' ? [] : [{ lender, readOnly: mode === 'ro', index }]
  })
}

export function mountFact(conversion: Conversion, { mount, owner }: ServiceMount): MountFact {
  if (mount.type === 'volume') {
    if (mount.source !== undefined && mount.source !== '')
      return { kind: 'volume', volume: mount.source }
    const lent = conversion.services.some((service) =>
      lendersOf(service).some(({ lender }) => lender === owner),
    )
    return lent ? { kind: 'volume', volume: `${owner}:${mount.target}` } : { kind: 'anonymous' }
  }
  if (mount.type === 'tmpfs') return { kind: 'tmpfs' }
  if (mount.type !== 'bind' || mount.source === undefined) return { kind: 'unknown' }
  return bindFact(conversion, mount, mount.source)
}

function bindFact(conversion: Conversion, mount: Mount, source: string): MountFact {
  const { files, projectDirectory } = conversion
  if (ENGINE_SOCKETS.test(source)) return { kind: 'engine-socket', source }
  const inProject = source === projectDirectory || source.startsWith(`${projectDirectory}/`)
  if (!inProject && SYSTEM.test(source)) return { kind: 'system', source }
  const found = files.stat(source)
  if (found?.kind === 'file') return { kind: 'file', source }
  if (found?.kind === 'other') return { kind: 'special', source }
  const empty = (files.list(source) ?? []).length === 0
  const because = boundDirectories(conversion).data.get(source)
  if (because !== undefined && (inProject || empty)) return { kind: 'data', source, because, empty }
  if (empty) return { kind: 'missing', source }
  if (inProject || mount.read_only === true) return { kind: 'tree', source }
  return { kind: 'foreign-directory', source }
}

interface BoundDirectories {
  /** Directories in which some service keeps data, with why: who reads there has to see what the other writes. */
  data: Map<string, string>
  /** Who binds a directory that somebody may write. */
  writtenBy: Map<string, string[]>
}

const known = new WeakMap<Conversion, BoundDirectories>()

function boundDirectories(conversion: Conversion): BoundDirectories {
  const found = known.get(conversion) ?? findBoundDirectories(conversion)
  known.set(conversion, found)
  return found
}

function findBoundDirectories({ services, files, projectDirectory }: Conversion): BoundDirectories {
  const data = new Map<string, string>()
  const binders = new Map<string, Set<string>>()
  const written = new Set<string>()
  for (const { service, compose } of services)
    for (const { type, source = '', target, read_only } of compose.volumes ?? []) {
      if (type !== 'bind') continue
      binders.set(source, (binders.get(source) ?? new Set()).add(service))
      if (read_only === true) continue
      written.add(source)
      // seen from the project: where the project lies on this machine tells nothing
      const seen = `/${relative(projectDirectory, source)}`
      const because = dataBecause(target, seen, (files.list(source) ?? []).length === 0)
      if (because !== undefined && !data.has(source)) data.set(source, because)
    }
  const writtenBy = new Map(
    [...written].map((source) => [source, [...(binders.get(source) ?? [])]]),
  )
  for (const [source, all] of writtenBy)
    if (all.length > 1 && !data.has(source) && (files.list(source) ?? []).length === 0)
      data.set(source, `shared by ${all.join(' and ')}`)
  return { data, writtenBy }
}

/** Other services that bind the same directory of the project, where one of all may write it. */
export function othersWhoBind(
  conversion: Conversion,
  { service }: ServiceConversion,
  source: string,
): string[] {
  const all = boundDirectories(conversion).writtenBy.get(source) ?? []
  return all.filter((other) => other !== service)
}

/**
 * Why a directory holds data rather than configuration: by what it is called. What the project has files for is data
 * only where the program itself calls it so.
 */
function dataBecause(target: string, source: string, empty: boolean): string | undefined {
  if (/^\/(etc|docker-entrypoint[^/]*)(\/|$)/.test(target)) return undefined
  if (DATA_DIRECTORY.test(target)) return `${target} is a data directory by its name`
  if (!empty) return undefined
  if (DATA_TARGET.test(target)) return `${target} is in a data directory`
  return DATA_SOURCE.test(source) ? `.${source} is a data directory by its name` : undefined
}
