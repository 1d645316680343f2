import type { Service } from '@landfall/compose'

/** One additional host of a service. */
export interface ExtraHost {
  name: string
  /** As written: an address, or `host-gateway`. */
  address: string
  /** Its key below `extra_hosts`. */
  key: string | number
}

/** The additional hosts of a service: `name=address` or `name:address`, as a list or a mapping, in the order of the file. */
export function extraHostsOf({ extra_hosts: value }: Service): ExtraHost[] {
  if (Array.isArray(value))
    return value.map((entry, index) => {
      const [, name = '', address = ''] = /^([^=:]+)[=:](.*)$/.exec(String(entry)) ?? []
      return { name, address: address.replace(/^\[|\]$/g, ''), key: index }
    })
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, addresses]) =>
    [addresses].flat().map((address) => ({ name, address: String(address), key: name })),
  )
}
