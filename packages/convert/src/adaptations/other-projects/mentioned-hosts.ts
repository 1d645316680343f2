import type { Service } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { extraHostsOf } from '../../facts/names/extra-hosts.ts'
import { placeText } from '../../facts/names/place.ts'
import { dialTexts } from '../../facts/names/texts.ts'
import { dialledIn, hostIn } from '../../facts/ports/referenced-ports.ts'

/** Values that stand where a host does and are none. */
const NO_HOST =
  /^(localhost|localhost\d|ip6-.*|host|hostname|server|true|false|yes|no|on|off|none|null|auto|any|all|example|your[-_].*|\d.*)$/i

/** A name of one word may be anything; one of several is a container of another project. */
const OF_SEVERAL_WORDS = /[-_]/

/** `external_links` as texts: `other_redis_1:redis`. */
export function externalLinksOf({ external_links: links }: Service): string[] {
  return Array.isArray(links) ? links.map(String) : []
}

/** Where a service names a host that neither the project nor landfall.yaml has. */
export interface MentionedHost {
  host: string
  pointer: string
  where: string
}

/**
 * Hosts without a dot that nothing answers to. On the network of another project every host counts that a text dials;
 * elsewhere only a variable that names a container.
 */
export function mentionedHosts(
  { owners, plan }: Conversion,
  service: ServiceConversion,
  amongOthers: boolean,
): MentionedHost[] {
  const { compose } = service
  const known = new Set(
    [
      ...plan.external.flatMap(({ written, name }) => [written, name]),
      ...extraHostsOf(compose).map(({ name }) => name),
      ...externalLinksOf(compose).map((link) => link.split(':').at(-1) ?? ''),
    ].map((name) => name.toLowerCase()),
  )
  const found = new Map<string, MentionedHost>()
  for (const text of dialTexts(service)) {
    const { pointer, place, variable } = text
    if (text.ofImage === true || (!amongOthers && variable === undefined)) continue
    const named = hostIn(text)
    const hosts = [
      ...(named === undefined ? [] : [named]),
      ...dialledIn(text).map(({ host }) => host),
    ]
    for (const host of hosts) {
      const key = host.toLowerCase()
      if (host.includes('.') || NO_HOST.test(host) || owners.has(key) || known.has(key)) continue
      if (!amongOthers && !OF_SEVERAL_WORDS.test(host)) continue
      if (!found.has(key)) found.set(key, { host, pointer, where: placeText(place) })
    }
  }
  return [...found.values()]
}
