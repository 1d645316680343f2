import { isIP } from 'node:net'
import { isDnsName } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'

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

/** What Compose calls the machine that it runs on; landfall.yaml says which one that is for pods. */
const GATEWAY = 'host-gateway'

function addressOf(conversion: Conversion, written: string): string | undefined {
  const address = written === GATEWAY ? (conversion.settings.hostGateway ?? '') : written
  return isIP(address) === 0 || address.includes('%') ? undefined : address
}

/** Names are the same in upper and lower case; a hosts file of a pod takes those of DNS alone. */
function nameOf(written: string): string | undefined {
  const name = written.toLowerCase()
  return isDnsName(name) ? name : undefined
}

function aliasesOf(
  conversion: Conversion,
  { compose }: ServiceConversion,
): { ip: string; hostnames: string[] }[] {
  const byAddress = new Map<string, string[]>()
  for (const [host, written] of entriesOf(compose.extra_hosts)) {
    const address = addressOf(conversion, written)
    const name = nameOf(host)
    if (address !== undefined && name !== undefined)
      byAddress.set(address, [...(byAddress.get(address) ?? []), name])
  }
  return [...byAddress].map(([ip, hostnames]) => ({ ip, hostnames }))
}

function noteHosts(conversion: Conversion, { compose, note }: ServiceConversion): void {
  for (const [name, written, key] of entriesOf(compose.extra_hosts)) {
    const path = ['extra_hosts', key]
    const address = addressOf(conversion, written)
    if (nameOf(name) === undefined)
      note(id, path, 'dropped', `the hosts file of a pod takes no name like ${name}`, {
        dangerous: true,
        hint: 'use a name of letters, digits, dots and hyphens',
      })
    else if (address !== undefined)
      note(
        id,
        path,
        written === GATEWAY ? 'adapted' : 'kept',
        `hostAliases: ${name} is ${address}${written === GATEWAY ? ', as landfall.yaml says' : ''}`,
      )
    else
      note(id, path, 'dropped', `a pod has no ${written}`, {
        dangerous: true,
        hint:
          written === GATEWAY
            ? 'name the address of that machine: hostGateway: 10.0.0.5 in landfall.yaml'
            : `give ${name} an address that pods can reach`,
      })
  }
}

export default {
  id,
  title: 'Keep additional hosts',
  plan(conversion) {
    for (const service of conversion.services) noteHosts(conversion, service)
  },
  build({ workloads }, conversion) {
    for (const { from, pod } of workloads) {
      const aliases = aliasesOf(conversion, from)
      if (aliases.length > 0) pod.spec.hostAliases = aliases
    }
  },
} satisfies Adaptation
