import { isIP } from 'node:net'
import { isDnsName } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { sameAddress } from '../../facts/names/fixed-addresses.ts'
import type { Resolver } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/** What the API takes at most; the resolver of the cluster is one of three that a pod can ask. */
const MOST_SERVERS = 2
const MOST_DOMAINS = 29

/** Addresses that mean the container or the machine that it runs on. */
const LOOPBACK = /^(127\.|::1$)/

/** Compose takes a single text as well as a list. */
function listOf(value: unknown): string[] {
  return [value ?? []].flat().map(String)
}

/** The fixed address of a service of the project is no address of a pod. */
function serversOf({ addresses }: Conversion, { compose }: ServiceConversion): string[] {
  return listOf(compose.dns)
    .filter((address) => isIP(address) !== 0 && !LOOPBACK.test(address))
    .filter((address) => !addresses.has(sameAddress(address)))
    .slice(0, MOST_SERVERS)
}

/** `.` means no domain at all, which a pod that dials its peers cannot have. */
function domainsOf({ compose }: ServiceConversion): string[] {
  return listOf(compose.dns_search)
    .filter((domain) => isDnsName(domain.replace(/\.$/, '')))
    .slice(0, MOST_DOMAINS)
}

/** `timeout:3` as name and value, `use-vc` as name alone. */
function optionsOf({ compose }: ServiceConversion): { name: string; value?: string }[] {
  return listOf(compose.dns_opt).map((option) => {
    const [name = option, value] = option.split(':')
    return value === undefined ? { name } : { name, value }
  })
}

function noteKeys(conversion: Conversion, service: ServiceConversion): void {
  const { compose, note } = service
  const servers = serversOf(conversion, service)
  if (listOf(compose.dns).length > 0)
    note(
      ['dns'],
      servers.length === 0
        ? reason('unusable-server')
        : reason('after-cluster-dns', { servers: servers.join(', ') }),
    )
  if (listOf(compose.dns_search).length > 0)
    note(
      ['dns_search'],
      reason(domainsOf(service).length === 0 ? 'cluster-domains' : 'search-domains'),
    )
  if (listOf(compose.dns_opt).length > 0) note(['dns_opt'], reason('options'))
}

function resolverOf(conversion: Conversion, service: ServiceConversion): Resolver {
  const nameservers = serversOf(conversion, service)
  const searches = domainsOf(service)
  const options = optionsOf(service)
  return {
    ...(nameservers.length === 0 ? {} : { nameservers }),
    ...(searches.length === 0 ? {} : { searches }),
    ...(options.length === 0 ? {} : { options }),
  }
}

export default {
  id: 'resolver',
  reasons: reason,
  title: 'Add DNS servers and search domains',
  plan(conversion) {
    for (const service of conversion.services) {
      noteKeys(conversion, service)
      const resolver = resolverOf(conversion, service)
      if (Object.keys(resolver).length > 0) service.plan.needs.resolver = resolver
    }
  },
  build({ workloads }) {
    for (const { plan, pod } of workloads)
      if (plan.needs.resolver !== undefined) pod.spec.dnsConfig = plan.needs.resolver
  },
} satisfies Adaptation
