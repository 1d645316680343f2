import { parseBytes } from '@landfall/compose'
import { byteQuantity } from '@landfall/kube'
import type { ServiceConversion } from '../../conversion.ts'
import type { ServiceMount } from '../../facts/mounts/mounts-of.ts'
import type { ScratchMount } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

export function planTmpfs({ plan, add }: ServiceConversion, { mount, keys }: ServiceMount): void {
  const { size, mode } = mount.tmpfs ?? {}
  plan.scratch.push({
    target: mount.target,
    memory: true,
    ...(mount.read_only === true ? { readOnly: true } : {}),
    ...limitOf(size),
    ...(mode === undefined ? {} : { mode }),
  })
  add(keys, reason('memory'))
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
