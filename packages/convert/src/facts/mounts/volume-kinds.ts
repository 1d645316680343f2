import type { Volume } from '@landfall/compose'

/** Where a named volume lies, as its driver options say. */
export type VolumeKind =
  | { kind: 'claim' }
  | { kind: 'nfs'; server: string; path: string; readOnly: boolean; unkept: string[] }
  | { kind: 'memory'; size?: string }
  | { kind: 'host'; path: string }
  | { kind: 'driver'; says: string }

/** Options of an NFS mount that a pod's volume has itself, or that say what is the default. */
const KEPT = /^(addr=.*|rw|ro|hard|nolock|intr)$/

/** https://docs.docker.com/reference/cli/docker/volume/create/#driver-specific-options */
export function volumeKind(volume: Volume | null | undefined): VolumeKind {
  const { driver = 'local', driver_opts = {} } = volume ?? {}
  const { type, device = '', o = '' } = driver_opts
  const options = String(o)
    .split(',')
    .map((option) => option.trim())
    .filter((option) => option !== '')
  if (driver !== 'local') return { kind: 'driver', says: `the driver ${driver}` }
  if (Object.keys(driver_opts).length === 0) return { kind: 'claim' }
  if (type === 'nfs' || type === 'nfs4') return nfsOf(device, options)
  if (type === 'tmpfs') {
    const size = options.find((option) => option.startsWith('size='))?.slice('size='.length)
    return { kind: 'memory', ...(size === undefined ? {} : { size }) }
  }
  if (options.includes('bind') || options.includes('rbind')) return { kind: 'host', path: device }
  return { kind: 'driver', says: Object.keys(driver_opts).join(', ') }
}

/** `device: ":/exports/media"`, or with the server before the colon. */
function nfsOf(device: string, options: string[]): VolumeKind {
  const [, before = '', path = ''] = /^([^:]*|\[[^\]]*\]):(\/.*)$/.exec(device) ?? []
  const named = options.find((option) => option.startsWith('addr='))?.slice('addr='.length)
  const server = named ?? before
  if (server === '' || path === '') return { kind: 'driver', says: 'an NFS share without a server' }
  const unkept = options.filter((option) => !KEPT.test(option))
  return { kind: 'nfs', server, path, readOnly: options.includes('ro'), unkept }
}
