import { isIP } from 'node:net'
import { isDnsName } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { extraHostsOf } from '../../facts/names/extra-hosts.ts'
import { sameAddress } from '../../facts/names/fixed-addresses.ts'
import type { HostAlias } from '../../plan/plan.ts'
import { GATEWAY, machineNames, planMachineNames } from './host-address.ts'
import { reason } from './reasons.ts'

function addressOf(conversion: Conversion, written: string): string | undefined {
  const address = written === GATEWAY ? (conversion.settings.hostGateway ?? '') : written
  const known = isIP(address) !== 0 && !address.includes('%')
  return known && !conversion.addresses.has(sameAddress(address)) ? address : undefined
}

/** Names are the same in upper and lower case; a hosts file of a pod takes those of DNS alone. */
function nameOf(written: string): string | undefined {
  const name = written.toLowerCase()
  return isDnsName(name) ? name : undefined
}

function aliasesOf(conversion: Conversion, service: ServiceConversion): HostAlias[] {
  const byAddress = new Map<string, string[]>()
  for (const { name: host, address: written } of extraHostsOf(service.compose)) {
    const address = addressOf(conversion, written)
    const name = nameOf(host)
    if (address !== undefined && name !== undefined)
      byAddress.set(address, [...(byAddress.get(address) ?? []), name])
  }
  const machine = addressOf(conversion, GATEWAY)
  if (machine !== undefined)
    for (const name of machineNames(service))
      byAddress.set(machine, [...(byAddress.get(machine) ?? []), name])
  return [...byAddress].map(([ip, hostnames]) => ({ ip, hostnames }))
}

/** What is at the fixed address of a service is decided by `literal-addresses`. */
function noteHosts(conversion: Conversion, { compose, add }: ServiceConversion): void {
  for (const { name, address: written, key } of extraHostsOf(compose)) {
    if (conversion.addresses.has(sameAddress(written))) continue
    const path = ['extra_hosts', key]
    const address = addressOf(conversion, written)
    if (nameOf(name) === undefined) add(path, reason('invalid-name', { name }))
    else if (address !== undefined)
      add(path, reason(written === GATEWAY ? 'host-gateway' : 'host-alias', { name, address }))
    else if (written === GATEWAY) add(path, reason('unknown-gateway'))
    else add(path, reason('invalid-address', { address: written, name }))
  }
}

export default {
  id: 'extra-hosts',
  reasons: reason,
  title: 'Keep extra hosts',
  plan(conversion) {
    for (const service of conversion.services) {
      noteHosts(conversion, service)
      service.plan.needs.hostAliases = aliasesOf(conversion, service)
    }
    planMachineNames(conversion)
  },
  build({ workloads }) {
    for (const { plan, pod } of workloads)
      if (plan.needs.hostAliases.length > 0) pod.spec.hostAliases = plan.needs.hostAliases
  },
} satisfies Adaptation
