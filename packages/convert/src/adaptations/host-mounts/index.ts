import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type MountFact, mountFact } from '../../facts/binds/mount-fact.ts'
import { placeOf } from '../../facts/binds/places.ts'
import { isEngineSocket } from '../../facts/binds/system-paths.ts'
import { fogflowPart } from '../../facts/images/fogflow.ts'
import { mountsOf, type ServiceMount } from '../../facts/mounts/mounts-of.ts'
import type { StandardDevice } from '../../facts/mounts/standard-devices.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { reason } from './reasons.ts'

/** Paths that tell the time zone of the machine; a pod has UTC. */
const TIME_ZONE = /^\/etc\/(localtime|timezone)$/

/** The database of time zones, or one of them. */
const ZONES = /^\/usr\/share\/zoneinfo(?:\/(?<zone>.+))?$/

function lostOf({ service, compose }: ServiceConversion, fact: MountFact): Reason | undefined {
  if (fact.kind === 'special') return reason('special-file', { source: fact.source })
  if (fact.kind === 'unknown') return reason('unknown-type')
  if (fact.kind !== 'bind' || fact.tree.kind !== 'host') return undefined
  const { source } = fact.bind
  if (isEngineSocket(source))
    return fogflowPart(compose.image) === 'worker'
      ? reason('engine-of-fogflow', { service })
      : reason('engine-socket', { service })
  if (TIME_ZONE.test(source)) return reason('time-zone')
  const zones = ZONES.exec(source)
  if (zones !== null) return zoneReason(zones.groups?.zone, fact.bind.target)
  if (source === '/etc/resolv.conf' && fact.bind.target === source) return reason('resolver')
  return reason('system-path', { source, service })
}

/** One zone is mounted as that of the container, or beside others. */
function zoneReason(zone: string | undefined, target: string): Reason {
  return zone !== undefined && TIME_ZONE.test(target)
    ? reason('one-time-zone', { zone })
    : reason('time-zone-data')
}

/** A device that the container has, or an empty file in place of one that is masked: a copy where a program may write what nobody reads. */
function planDevice(
  { plan, at, add }: ServiceConversion,
  { mount, keys }: ServiceMount,
  device: StandardDevice,
): void {
  const { target } = mount
  if (device === 'memory') plan.scratch.push({ target, memory: true })
  if (device === 'masked')
    plan.files.push({
      target,
      from: 'bind',
      pointer: at(...keys),
      tree: false,
      files: [{ path: '', bytes: new Uint8Array(), mode: 0o666 }],
      ...(mount.read_only === true || placeOf(target) === 'config' ? {} : { writable: true }),
    })
  add(keys, reason(device === 'own' ? 'own-device' : device))
}

function planService(conversion: Conversion, service: ServiceConversion): void {
  const allowed = service.settings.host?.paths ?? []
  for (const mounted of mountsOf(conversion, service)) {
    const { mount, keys } = mounted
    const { target, source = '' } = mount
    const fact = mountFact(conversion, service, mounted)
    if (fact.kind === 'device') planDevice(service, mounted, fact.device)
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
