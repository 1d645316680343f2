import { cleanPath } from '../canonical/mount.ts'
import type { Service } from '../project.ts'
import { pointerTo } from '../tree/rules.ts'
import type { Finding, ServiceRule } from './finding.ts'

/** Where volumes and tmpfs are mounted, and with which options. */
export const mountRules: ServiceRule = (service) => [
  ...(service.volumes ?? []).map(({ target, type }, index) =>
    type === 'npipe' ? undefined : targetRule(target, pointerTo('/volumes', index)),
  ),
  ...(service.tmpfs ?? []).flatMap((entry, index) => tmpfsRules(service, entry, index)),
]

const flags = new Set([
  ...'async atime bind defaults dev diratime dirsync exec mand noatime nodev nodiratime'.split(' '),
  ...'noexec nomand norelatime nostrictatime nosuid private rbind relatime remount ro'.split(' '),
  ...'rprivate rshared rslave runbindable rw shared slave strictatime suid sync unbindable'.split(
    ' ',
  ),
])
const settings = 'size mode uid gid nr_inodes nr_blocks mpol'.split(' ')

/** Reference: https://github.com/moby/sys (mount, MergeTmpfsOptions) */
function tmpfsRules(service: Service, entry: string, index: number): (Finding | undefined)[] {
  const path = pointerTo('/tmpfs', index)
  const [target = '', options = ''] = /^([^:]*):?([\s\S]*)$/.exec(entry)?.slice(1) ?? []
  const wrong = options
    .split(',')
    .find((option) => option !== '' && !flags.has(option) && !isSetting(option))
  const isMounted = (service.volumes ?? []).some(
    (volume) =>
      (volume.type === 'bind' || volume.type === 'volume') &&
      cleanPath(volume.target) === cleanPath(target),
  )
  return [
    targetRule(target, path),
    wrong === undefined
      ? undefined
      : {
          path,
          message: `invalid tmpfs option "${wrong.split('=', 1)[0]}"`,
          hint: `known options are ${settings.join(', ')}, and flags such as ro and noexec`,
        },
    isMounted
      ? {
          path,
          message: `Duplicate mount point: ${target}`,
          hint: 'a volume is mounted there, too: remove one of them',
        }
      : undefined,
  ]
}

function isSetting(option: string): boolean {
  return option.includes('=') && settings.includes(option.split('=', 1)[0] ?? '')
}

function targetRule(target: string, path: string): Finding | undefined {
  const slashed = target.replaceAll('\\', '/')
  if (slashed.startsWith('/') && cleanPath(slashed) === '/')
    return { path, message: "invalid mount: destination can't be '/'" }
  if (slashed.startsWith('/')) return undefined
  return {
    path,
    message: `invalid mount path: '${target}' mount path must be absolute`,
    hint: /^[A-Za-z]:/.test(target)
      ? 'one letter before a colon is read as a drive of Windows: give the volume a longer name'
      : `a mount is in the container: write "/${slashed.replace(/^\.?\/*/, '')}"`,
  }
}
