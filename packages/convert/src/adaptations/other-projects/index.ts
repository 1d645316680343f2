import { ownValue, spanOf } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { hostElsewhere } from './host-elsewhere.ts'
import { externalLinksOf, mentionedHosts } from './mentioned-hosts.ts'
import { reason } from './reasons.ts'

/** Names of the external networks of a service, as Docker knows them. */
function externalNetworks({ project }: Conversion, { compose }: ServiceConversion): string[] {
  return Object.keys(compose.networks ?? {}).flatMap((key) => {
    const network = ownValue(project.networks, key)
    return network?.external === true ? [network.name ?? key] : []
  })
}

/** The line of landfall.yaml that gives a name to a service of another project on one of these networks. */
function externalLine(name: string, networks: readonly string[]): string {
  return `external: { ${name}: { host: ${hostElsewhere(name, networks)} } }`
}

/** Each name that no service has is reported once, where it is named first. */
function reportUnknown(conversion: Conversion): void {
  const { services, origins, report } = conversion
  const places = new Map<string, { pointer: string; where: string; networks: string[] }[]>()
  for (const service of services) {
    const networks = externalNetworks(conversion, service)
    for (const { host, pointer, where } of mentionedHosts(conversion, service, networks.length > 0))
      places.set(host, [
        ...(places.get(host) ?? []),
        { pointer, where: `${where} of ${service.service}`, networks },
      ])
  }
  for (const [host, [first, ...others]] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (first === undefined) continue
    const related = others.flatMap(({ pointer }) => {
      const at = spanOf(origins, pointer)
      return at === undefined ? [] : [{ message: 'also referenced here', at }]
    })
    const where =
      first.networks.length === 0
        ? ''
        : `; it may be a service of another project on the network ${first.networks.join(' or ')}`
    report({
      code: 'convert/unknown-host',
      severity: 'warning',
      message: `${first.where} references ${host}, which is not a service of the project${where}`,
      path: first.pointer,
      ...(related.length === 0 ? {} : { related }),
      hint: `set its location in landfall.yaml: ${externalLine(host, first.networks)}, or { address: 10.0.0.5 }`,
    })
  }
}

/** `external_links: [other_redis_1:redis]`: the name is there when landfall.yaml says what is behind it. */
function noteLinks(conversion: Conversion, service: ServiceConversion): void {
  const { plan } = conversion
  const { compose, note } = service
  const networks = externalNetworks(conversion, service)
  for (const [index, link] of externalLinksOf(compose).entries()) {
    const [container = '', name = container] = link.split(':')
    const external = plan.external.find(({ written }) => written === name)
    if (external === undefined)
      note(
        ['external_links', index],
        reason('unknown-link', { name, host: hostElsewhere(container, networks) }),
      )
    else
      note(
        ['external_links', index],
        reason('external-link', { name, target: external.host ?? external.address ?? '' }),
      )
  }
}

export default {
  id: 'other-projects',
  reasons: reason,
  title: 'Report names that only other projects provide',
  plan(conversion) {
    for (const service of conversion.services) noteLinks(conversion, service)
    reportUnknown(conversion)
  },
} satisfies Adaptation
