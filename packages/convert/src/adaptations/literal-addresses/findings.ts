import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { keyBefore } from '../../facts/names/host-words.ts'
import { placeText, type TextPlace } from '../../facts/names/place.ts'

/** Why an address cannot be replaced by a name: a resolver has none, senders are compared by address, or it is data. */
export type WhyLiteral = 'resolver' | 'sender' | 'data'

const RESOLVER_WORD = /(^|[^a-z])dns|nameserver|resolver/i
const SENDER_WORD =
  /allow|deny|trust|real_?ip|forwarded|permit|reject|white_?list|black_?list|acl|root_host|grant|^from$|satisfy|ignoreip|subnet|gateway|netmask|^range$/i

/** Why an address has to stay one in its place; undefined where a name does as well. */
export function whyLiteral(
  place: TextPlace,
  before: string,
  after: string,
): WhyLiteral | undefined {
  if (/(:\/\/|@)$/.test(before)) return undefined
  const file = place.kind === 'file' ? place.path : undefined
  if (file === '/etc/resolv.conf') return 'resolver'
  const key = keyBefore(before) ?? ''
  if (RESOLVER_WORD.test(key)) return 'resolver'
  if (SENDER_WORD.test(key)) return 'sender'
  // dnsmasq: `address=/db.local/172.20.0.5`, `server=172.20.0.2#5053`.
  return file === '/etc/hosts' || before.endsWith('/') || after.startsWith('#') ? 'data' : undefined
}

/** Where an address stands that has to stay. */
export interface Literal {
  service: ServiceConversion
  owner: ServiceConversion
  address: string
  why: WhyLiteral
  place: TextPlace
  pointer: string
}

/** Reports an address that no name can replace. */
export function reportLiteral(conversion: Conversion, literal: Literal): void {
  const { service, owner, address, why, place, pointer } = literal
  const use = {
    resolver: 'is used as a DNS server, which needs an address',
    sender: 'is compared with the source of connections',
    data: 'cannot be replaced by a name',
  }[why]
  const hint = {
    resolver:
      'forward its domain in the cluster DNS, or use the address of a Service with a fixed clusterIP',
    sender: 'allow the pod network there, or restrict connections by a NetworkPolicy',
    data: `use the name ${owner.plan.name} if names are accepted there`,
  }[why]
  conversion.report({
    code: 'convert/literal-address',
    severity: 'warning',
    message: `${placeText(place)} of ${service.service}: ${address} of ${owner.service} ${use}; a pod has no fixed address`,
    path: pointer,
    hint,
  })
}
