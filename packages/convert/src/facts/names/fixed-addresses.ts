import { isIP, isIPv6 } from 'node:net'
import type { ServiceConversion } from '../../conversion.ts'

/** An address that the project gives to a service on one of its networks. */
export interface FixedAddress {
  address: string
  owner: ServiceConversion
  network: string
  key: 'ipv4_address' | 'ipv6_address'
}

/** Every `ipv4_address` and `ipv6_address` of the services. */
export function fixedAddresses(services: readonly ServiceConversion[]): FixedAddress[] {
  return services.flatMap((owner) =>
    Object.entries(owner.compose.networks ?? {}).flatMap(([network, attachment]) =>
      (['ipv4_address', 'ipv6_address'] as const).flatMap((key) => {
        const address = attachment?.[key]
        return typeof address === 'string' ? [{ address, owner, network, key }] : []
      }),
    ),
  )
}

/** One spelling for all of an address: `FD00:0::5` is `fd00::5`. What is no address is left as it is. */
export function sameAddress(address: string): string {
  if (isIP(address) === 0 || !isIPv6(address) || address.includes('%')) return address
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}

/** `172.20.0.5` is found neither in `172.20.0.50` nor as the end of a range of addresses. */
const IPV4 = String.raw`(?<![\w.]|\d-)\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d|-\d)`
const IPV6 = String.raw`(?<![\w:.])(?:[0-9a-f]{1,4})?(?::[0-9a-f]{0,4}){2,7}(?![\w:.])`
const ADDRESS = new RegExp(String.raw`${IPV4}|\[${IPV6}\]|${IPV6}`, 'gi')

/**
 * Puts something else in place of every single address of a line; the prefix of a subnet (`172.20.0.0/16`) is none.
 * Brackets around an IPv6 address are replaced with it where they belong to it: in a URL and before a port.
 */
export function replaceAddresses(
  line: string,
  lead: string,
  replace: (address: string, before: string, after: string) => string | undefined,
): string {
  return line.replace(ADDRESS, (found, at: number) => {
    const before = lead + line.slice(0, at)
    const after = line.slice(at + found.length)
    if (/^\/\d/.test(after) && !/(:\/\/|@)$/.test(before)) return found
    const bracketed = found.startsWith('[')
    const name = replace(bracketed ? found.slice(1, -1) : found, before, after)
    if (name === undefined) return found
    return bracketed && !/(\/\/|@)$/.test(before) && !/^:\d/.test(after) ? `[${name}]` : name
  })
}
