import type { Mount } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { overruledKind } from '../binds/overruled.ts'
import { behindLinks, cleanPath } from '../binds/paths.ts'

/**
 * A bind of a device that containers have themselves. `masked`: `/dev/null` over a file, which is then empty. `own`: a device of the
 * container at its usual path. `memory`: the shared memory of the machine, which one service alone mounts.
 */
export type StandardDevice = 'masked' | 'own' | 'memory'

/** https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-devices */
const DEVICES: ReadonlySet<string> = new Set([
  ...['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', '/dev/tty'],
])

const RANDOM: ReadonlySet<string> = new Set(['/dev/random', '/dev/urandom'])

const SHARED_MEMORY = '/dev/shm'

/** What a bind of a device becomes, without the device of a node; undefined for other mounts, and where landfall.yaml decides. */
export function standardDevice(
  conversion: Conversion,
  { settings }: Pick<ServiceConversion, 'settings'>,
  { type, source, target }: Mount,
): StandardDevice | undefined {
  if (type !== 'bind' || source === undefined || source === '') return undefined
  const path = behindLinks(conversion, cleanPath(source))
  if (!path.startsWith('/dev/')) return undefined
  if (settings.host?.paths?.includes(path) || overruledKind(conversion, path) !== undefined)
    return undefined
  const at = cleanPath(target)
  if (DEVICES.has(path) && (path === at || (RANDOM.has(path) && RANDOM.has(at)))) return 'own'
  if (path === '/dev/null' && !at.startsWith('/dev/')) return 'masked'
  return path === SHARED_MEMORY && at === SHARED_MEMORY && mountedOnce(conversion)
    ? 'memory'
    : undefined
}

function mountedOnce({ services }: Conversion): boolean {
  const mounts = services.flatMap(({ compose }) =>
    (compose.volumes ?? []).filter(
      ({ type, source }) => type === 'bind' && cleanPath(source ?? '') === SHARED_MEMORY,
    ),
  )
  return mounts.length === 1
}
