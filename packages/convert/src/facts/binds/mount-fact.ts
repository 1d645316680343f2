import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { outlivesPod } from '../mounts/anonymous.ts'
import { lendersOf, type ServiceMount } from '../mounts/mounts-of.ts'
import { type StandardDevice, standardDevice } from '../mounts/standard-devices.ts'
import type { BoundMount } from './bind.ts'
import { boundMount } from './trees.ts'

/** What a mount of a service is. */
export type MountFact =
  | { kind: 'volume'; volume: string }
  | { kind: 'anonymous' }
  | { kind: 'tmpfs' }
  | ({ kind: 'bind' } & BoundMount)
  /** A device that containers have themselves. */
  | { kind: 'device'; device: StandardDevice }
  /** A socket, a device or a pipe in the project. */
  | { kind: 'special'; source: string }
  | { kind: 'unknown' }

export function mountFact(
  conversion: Conversion,
  service: ServiceConversion,
  mounted: ServiceMount,
): MountFact {
  const { mount, owner } = mounted
  const device = standardDevice(conversion, service, mount)
  if (device !== undefined) return { kind: 'device', device }
  const bound = boundMount(conversion, service.service, mount.target)
  if (bound !== undefined) {
    const { source } = bound.bind
    const special = bound.tree.inProject && conversion.files.stat(source)?.kind === 'other'
    return special && bound.tree.kind !== 'host'
      ? { kind: 'special', source }
      : { kind: 'bind', ...bound }
  }
  if (mount.type === 'volume') {
    if (mount.source !== undefined && mount.source !== '')
      return { kind: 'volume', volume: mount.source }
    const lent = conversion.services.some((other) =>
      lendersOf(other).some(({ lender }) => lender === owner),
    )
    return lent || outlivesPod(conversion, service, mounted)
      ? { kind: 'volume', volume: `${owner}:${mount.target}` }
      : { kind: 'anonymous' }
  }
  return mount.type === 'tmpfs' ? { kind: 'tmpfs' } : { kind: 'unknown' }
}
