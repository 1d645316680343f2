import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { fixedAddresses, replaceAddresses, sameAddress } from '../../facts/names/fixed-addresses.ts'
import { placeText } from '../../facts/names/place.ts'
import { rewriteTexts } from '../names-to-services/rewrite.ts'
import { planExtraHosts } from './extra-hosts.ts'
import { reportLiteral, whyLiteral } from './findings.ts'
import { nameFor } from './name-for.ts'
import { reason } from './reasons.ts'

/** Where the address of each service was replaced, in words: `environment.DB_HOST of api`. */
type Places = Map<ServiceConversion, string[]>

/** Fills `addresses`. One that two services have on networks apart is nobody's. */
function learnAddresses({ services, addresses }: Conversion): void {
  const contested = new Set<string>()
  for (const { address, owner } of fixedAddresses(services)) {
    const key = sameAddress(address)
    if ((addresses.get(key) ?? owner) !== owner) contested.add(key)
    addresses.set(key, owner)
  }
  for (const key of contested) addresses.delete(key)
}

function rewriteService(conversion: Conversion, service: ServiceConversion, places: Places): void {
  const toReason = (changes: string) => reason('addresses-replaced', { changes })
  rewriteTexts(conversion, service, toReason, (whole, lead, changed, dialText) => {
    const reported = new Set<string>()
    return whole
      .split('\n')
      .map((line) =>
        replaceAddresses(line, lead, (address, before, after) => {
          const owner = conversion.addresses.get(sameAddress(address))
          if (owner === undefined) return undefined
          const why = whyLiteral(dialText.place, before, after)
          if (why === undefined) {
            const name = nameFor(owner, service)
            changed.set(address, name)
            const place = `${placeText(dialText.place)} of ${service.service}`
            places.set(owner, [...new Set([...(places.get(owner) ?? []), place])])
            return name
          }
          if (!reported.has(address))
            reportLiteral(conversion, { service, owner, address, why, ...dialText })
          reported.add(address)
          return undefined
        }),
      )
      .join('\n')
  })
}

/** What became of each fixed address. */
function noteAddresses({ services }: Conversion, places: Places): void {
  for (const { owner, network, key } of fixedAddresses(services)) {
    const used = places.get(owner) ?? []
    const more = used.length > 3 ? ` and ${used.length - 3} more` : ''
    owner.note(
      ['networks', network, key],
      used.length === 0
        ? reason('assigned-address')
        : reason('replaced-by-name', { places: `${used.slice(0, 3).join(', ')}${more}` }),
    )
  }
}

/** A resolver is known by its address alone. */
function reportResolvers(conversion: Conversion): void {
  for (const service of conversion.services)
    for (const address of [service.compose.dns ?? []].flat().map(String)) {
      const owner = conversion.addresses.get(sameAddress(address))
      const pointer = service.at('dns')
      if (owner !== undefined)
        reportLiteral(conversion, {
          service,
          owner,
          address,
          why: 'resolver',
          place: { kind: 'dns' },
          pointer,
        })
    }
}

export default {
  id: 'literal-addresses',
  reasons: reason,
  title: 'Replace fixed addresses of services with their names',
  plan(conversion) {
    learnAddresses(conversion)
    const places: Places = new Map()
    if (conversion.addresses.size > 0) {
      planExtraHosts(conversion)
      for (const service of conversion.services) rewriteService(conversion, service, places)
      reportResolvers(conversion)
    }
    noteAddresses(conversion, places)
  },
} satisfies Adaptation
