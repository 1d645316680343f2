import { basename, relative } from 'node:path/posix'
import { parseBytes } from '@landfall/compose'
import { byteQuantity } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import {
  type MountFact,
  mountFact,
  mountsOf,
  type ServiceMount,
} from '../../facts/mounts/mounts.ts'
import { readTree } from '../../facts/mounts/tree.ts'
import type { ScratchMount } from '../../plan/plan.ts'
import { warnMissing } from '../files/missing.ts'
import { LARGEST_TREE, MOST_ENTRIES } from '../files/sizes.ts'
import { reason } from './reasons.ts'

/** Where the claim of a bound directory begins: what a file system keeps for itself (`lost+found`) stays outside. */
const DATA_SUBPATH = 'data'

export function planMounts(conversion: Conversion, service: ServiceConversion): void {
  for (const mounted of mountsOf(conversion, service)) {
    const fact = mountFact(conversion, mounted)
    if (fact.kind === 'tmpfs') planTmpfs(service, mounted)
    if (fact.kind === 'volume') planVolume(service, mounted, fact.volume)
    if (fact.kind === 'anonymous') planAnonymous(service, mounted)
    if (fact.kind === 'data') planData(conversion, service, mounted, fact)
  }
  noteLenders(conversion, service)
}

/** What `volumes_from` names without bringing a mount; one that brings some has an entry for each. */
function noteLenders(conversion: Conversion, service: ServiceConversion): void {
  const { compose, note } = service
  const bring = new Set(
    mountsOf(conversion, service).flatMap(({ keys: [key, index] }) =>
      key === 'volumes_from' ? [index] : [],
    ),
  )
  const names = Array.isArray(compose.volumes_from) ? compose.volumes_from.map(String) : []
  for (const [index, name] of names.entries())
    if (bring.has(index)) continue
    else
      note(
        ['volumes_from', index],
        name.startsWith('container:')
          ? reason('other-container')
          : reason('nothing-to-share', { name: name.split(':')[0] ?? name }),
      )
}

function planTmpfs({ plan, add }: ServiceConversion, { mount, keys }: ServiceMount): void {
  const { size, mode } = mount.tmpfs ?? {}
  plan.scratch.push({
    target: mount.target,
    memory: true,
    ...limitOf(size),
    ...(mode === undefined ? {} : { mode }),
  })
  add(keys, reason('memory'))
}

function planVolume(
  { plan, add }: ServiceConversion,
  { mount, keys }: ServiceMount,
  volume: string,
): void {
  const readOnly = mount.read_only === true
  const subPath = mount.volume?.subpath
  plan.volumes.push({
    volume,
    target: mount.target,
    readOnly,
    ...(subPath === undefined ? {} : { subPath }),
    copyContent: !readOnly && subPath === undefined && mount.volume?.nocopy !== true,
    ephemeral: false,
  })
  add(keys, reason('volume', { volume }))
}

function planAnonymous(
  { plan, add }: ServiceConversion,
  { mount, keys, index }: ServiceMount,
): void {
  const readOnly = mount.read_only === true
  plan.volumes.push({
    volume: `anonymous-${index}`,
    target: mount.target,
    readOnly,
    copyContent: !readOnly && mount.volume?.nocopy !== true,
    ephemeral: true,
  })
  add(keys, reason('anonymous'))
}

/** A bound directory with data: a claim of its own, first filled with what the project has there. */
function planData(
  conversion: Conversion,
  service: ServiceConversion,
  mounted: ServiceMount,
  { source, because, empty }: Extract<MountFact, { kind: 'data' }>,
): void {
  const { mount, keys } = mounted
  const volume = volumeOfDirectory(conversion, source)
  service.plan.volumes.push({
    volume,
    target: mount.target,
    readOnly: mount.read_only === true,
    subPath: DATA_SUBPATH,
    copyContent: false,
    ephemeral: false,
  })
  if (conversion.files.stat(source) === undefined)
    warnMissing(
      conversion,
      service,
      mounted,
      source,
      'create it if the program should find something there',
    )
  const read = empty
    ? undefined
    : readTree(conversion.files, source, { bytes: LARGEST_TREE, entries: MOST_ENTRIES })
  if (read?.tooLarge === true) {
    service.add(keys, reason('data-too-large', { why: because, volume }))
    return
  }
  if (read === undefined) {
    service.add(keys, reason('data-empty', { why: because, volume }))
    return
  }
  service.plan.files.push({
    target: mount.target,
    from: 'bind',
    pointer: service.at(...keys),
    tree: true,
    files: read.files,
    directories: read.directories,
    fills: { volume, path: DATA_SUBPATH, shown: volume },
  })
  service.add(keys, reason('data-filled', { why: because, count: read.files.length, volume }))
}

/** What stands for a bound directory where volumes are named: its path, as a Compose file would write it. */
function volumeOfDirectory({ projectDirectory }: Conversion, source: string): string {
  const path = relative(projectDirectory, source)
  return path.startsWith('..') ? source : `./${path || basename(projectDirectory)}`
}

/** Short forms that are mounts in memory as well: `tmpfs` and `shm_size`. */
export function planMemory({ compose, plan, note }: ServiceConversion): void {
  for (const [index, entry] of (compose.tmpfs ?? []).entries()) {
    const [target = entry, options = ''] = entry.split(':')
    const values = new Map(
      options.split(',').map((option) => option.split('=') as [string, string | undefined]),
    )
    const mode = Number.parseInt(values.get('mode') ?? '', 8)
    const owner = ownerOf(values.get('uid'), values.get('gid'))
    plan.scratch.push({
      target,
      memory: true,
      ...limitOf(values.get('size')),
      ...(Number.isNaN(mode) ? {} : { mode }),
      ...(owner === undefined ? {} : { owner }),
    })
    note(['tmpfs', index], reason('memory'))
  }
  const shared = parseBytes(compose.shm_size ?? '')
  if (compose.shm_size === undefined) return
  const mounted = [...plan.scratch, ...plan.volumes].some(({ target }) => target === '/dev/shm')
  if (shared !== undefined && !mounted)
    plan.scratch.push({ target: '/dev/shm', memory: true, sizeLimit: byteQuantity(shared) })
  note(['shm_size'], reason('shared-memory'))
}

function ownerOf(uid: string | undefined, gid: string | undefined): string | undefined {
  return uid === undefined && gid === undefined ? undefined : `${uid ?? 0}:${gid ?? 0}`
}

function limitOf(size: string | undefined): Pick<ScratchMount, 'sizeLimit'> {
  const bytes = parseBytes(size ?? '')
  return bytes === undefined || bytes === 0 ? {} : { sizeLimit: byteQuantity(bytes) }
}
