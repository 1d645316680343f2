import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { mountFact } from '../../facts/binds/mount-fact.ts'
import { partsOf } from '../../facts/binds/trees.ts'
import { mountsOf, type ServiceMount } from '../../facts/mounts/mounts-of.ts'
import { planTmpfs } from './plan-memory.ts'
import { planStorage } from './plan-storage.ts'
import { reason } from './reasons.ts'

export function planMounts(conversion: Conversion, service: ServiceConversion): void {
  for (const mounted of mountsOf(conversion, service)) {
    const fact = mountFact(conversion, service, mounted)
    if (fact.kind === 'tmpfs') planTmpfs(service, mounted)
    if (fact.kind === 'volume') planVolume(service, mounted, fact.volume)
    if (fact.kind === 'anonymous') planAnonymous(service, mounted)
    if (fact.kind === 'bind' && fact.tree.kind === 'storage') planStorage(conversion, service, fact)
  }
  for (const part of partsOf(conversion, service.service)) planStorage(conversion, service, part)
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
  add(keys, mount.source ? reason('volume', { volume }) : reason('anonymous-claim', { volume }))
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
