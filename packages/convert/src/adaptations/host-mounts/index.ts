import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type MountFact, mountFact, mountsOf } from '../../facts/mounts/mounts.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { reason } from './reasons.ts'

/** Paths that tell the time zone of the machine; a pod has UTC. */
const TIME_ZONE = /^\/etc\/(localtime|timezone)$/

function lostOf(
  { service }: ServiceConversion,
  fact: MountFact,
  target: string,
): Reason | undefined {
  switch (fact.kind) {
    case 'engine-socket':
      return reason('engine-socket', { service })
    case 'system':
      return TIME_ZONE.test(fact.source)
        ? reason('time-zone')
        : reason('system-path', { source: fact.source, service })
    case 'foreign-directory':
      return reason('foreign-directory', { source: fact.source, target })
    case 'special':
      return reason('special-file', { source: fact.source })
    case 'unknown':
      return reason('unknown-type')
    default:
      return undefined
  }
}

function planService(conversion: Conversion, service: ServiceConversion): void {
  const allowed = service.settings.host?.paths ?? []
  for (const mounted of mountsOf(conversion, service)) {
    const { mount, keys } = mounted
    const { target, source = '' } = mount
    const lost = lostOf(service, mountFact(conversion, mounted), target)
    if (lost === undefined) continue
    if (allowed.includes(source)) {
      service.plan.hostPaths.push({ source, target, readOnly: mount.read_only === true })
      service.add(keys, reason('path-of-node', { source }))
    } else service.add(keys, lost)
  }
}

export default {
  id: 'host-mounts',
  reasons: reason,
  title: 'Report mounts of host paths',
  plan(conversion) {
    for (const service of conversion.services) planService(conversion, service)
  },
  part({ hostPaths }) {
    const named = hostPaths.map((path, index) => ({ ...path, name: `host-${index}` }))
    return {
      volumes: named.map(({ name, source }) => ({ name, path: source })),
      mounts: named.map(({ name, target, readOnly }) => ({
        name,
        mountPath: target,
        ...(readOnly ? { readOnly } : {}),
      })),
    }
  },
} satisfies Adaptation
