import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type MountFact, mountFact } from '../../facts/binds/mount-fact.ts'
import { isEngineSocket } from '../../facts/binds/system-paths.ts'
import { mountsOf } from '../../facts/mounts/mounts-of.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { reason } from './reasons.ts'

/** Paths that tell the time zone of the machine; a pod has UTC. */
const TIME_ZONE = /^\/etc\/(localtime|timezone)$/

function lostOf({ service }: ServiceConversion, fact: MountFact): Reason | undefined {
  if (fact.kind === 'special') return reason('special-file', { source: fact.source })
  if (fact.kind === 'unknown') return reason('unknown-type')
  if (fact.kind !== 'bind' || fact.tree.kind !== 'host') return undefined
  const { source } = fact.bind
  if (isEngineSocket(source)) return reason('engine-socket', { service })
  return TIME_ZONE.test(source) ? reason('time-zone') : reason('system-path', { source, service })
}

function planService(conversion: Conversion, service: ServiceConversion): void {
  const allowed = service.settings.host?.paths ?? []
  for (const mounted of mountsOf(conversion, service)) {
    const { mount, keys } = mounted
    const { target, source = '' } = mount
    const fact = mountFact(conversion, service, mounted)
    const lost = lostOf(service, fact)
    if (lost === undefined) continue
    const path = fact.kind === 'bind' ? fact.bind.source : source
    const declared = fact.kind === 'bind' && fact.tree.because.code === 'bind/declared'
    if (declared || allowed.includes(source)) {
      service.plan.hostPaths.push({ source: path, target, readOnly: mount.read_only === true })
      service.add(keys, reason('path-of-node', { source: path }))
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
