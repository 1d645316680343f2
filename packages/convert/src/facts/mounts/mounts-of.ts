import type { Mount } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'

/** A mount of a service and the key that asks for it. */
export interface ServiceMount {
  mount: Mount
  /** Below the service: `['volumes', 0]`, `['volumes_from', 0]`. */
  keys: (string | number)[]
  /** The service that declares it: another one for `volumes_from`, whose key stands for all mounts of that one. */
  owner: string
  index: number
}

/** Each mount of a service, those that `volumes_from` takes from others after its own. */
export function mountsOf(conversion: Conversion, service: ServiceConversion): ServiceMount[] {
  const own = [...(service.compose.volumes ?? []).entries()].map(([index, mount]) => ({
    mount,
    keys: ['volumes', index],
    owner: service.service,
    index,
  }))
  const taken = new Set(own.map(({ mount }) => mount.target))
  const others = lendersOf(service).flatMap(({ lender, readOnly, index }) => {
    const from = lender === service.service ? undefined : conversion.serviceOf(lender)
    return (from === undefined ? [] : mountsOf(conversion, from)).map((mount) => ({
      ...mount,
      mount: readOnly ? { ...mount.mount, read_only: true } : mount.mount,
      keys: ['volumes_from', index],
    }))
  })
  return [...own, ...others.filter(({ mount }) => !taken.has(mount.target))]
}

/** The services named by `volumes_from`: `db`, `db:ro`. */
export function lendersOf({
  compose,
}: ServiceConversion): { lender: string; readOnly: boolean; index: number }[] {
  const list = Array.isArray(compose.volumes_from) ? compose.volumes_from.map(String) : []
  return list.flatMap((text, index) => {
    const [lender = '', mode] = text.split(':')
    return lender === 'container' ? [] : [{ lender, readOnly: mode === 'ro', index }]
  })
}
