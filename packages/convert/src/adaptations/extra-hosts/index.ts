import { isIP } from 'node:net'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'

const id = 'extra-hosts'

/** `name=address` or `name:address`, as a list or a mapping, in the order of the file. */
function entriesOf(value: unknown): [name: string, address: string, key: string | number][] {
  if (Array.isArray(value))
    return value.map((entry, index) => {
      const [, name = '', address = ''] = /^([^=:]+)[=:](.*)$/.exec(String(entry)) ?? []
      return [name, address.replace(/^\[|\]$/g, ''), index]
    })
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, addresses]) =>
    [addresses].flat().map((address): [string, string, string] => [name, String(address), name]),
  )
}

function aliasesOf({ compose }: ServiceConversion): { ip: string; hostnames: string[] }[] {
  const byAddress = new Map<string, string[]>()
  for (const [name, address] of entriesOf(compose.extra_hosts))
    if (isIP(address) !== 0) byAddress.set(address, [...(byAddress.get(address) ?? []), name])
  return [...byAddress].map(([ip, hostnames]) => ({ ip, hostnames }))
}

/** One resolver setting as a list; Compose takes a single text as well. */
function listOf(value: unknown): string[] {
  return [value ?? []].flat().map(String)
}

export default {
  id,
  title: 'Keep additional hosts and resolvers',
  plan({ services }) {
    for (const { compose, note } of services) {
      for (const [name, address, key] of entriesOf(compose.extra_hosts))
        if (isIP(address) !== 0)
          note(id, ['extra_hosts', key], 'kept', `hostAliases: ${name} is ${address}`)
        else
          note(id, ['extra_hosts', key], 'dropped', `a pod has no ${address}`, {
            dangerous: true,
            hint: `give ${name} an address that pods can reach`,
          })
      for (const key of ['dns', 'dns_search'])
        if (compose[key] !== undefined)
          note(id, [key], 'kept', 'dnsConfig, beside the resolver of the cluster')
    }
  },
  build({ workloads }) {
    for (const { from, pod } of workloads) {
      const { dns, dns_search } = from.compose
      const aliases = aliasesOf(from)
      if (aliases.length > 0) pod.spec.hostAliases = aliases
      if (dns !== undefined || dns_search !== undefined)
        pod.spec.dnsConfig = {
          ...(dns === undefined ? {} : { nameservers: listOf(dns) }),
          ...(dns_search === undefined ? {} : { searches: listOf(dns_search) }),
        }
    }
  },
} satisfies Adaptation
