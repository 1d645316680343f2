import { isServiceName } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type ExtraHost, extraHostsOf } from '../../facts/names/extra-hosts.ts'
import { sameAddress } from '../../facts/names/fixed-addresses.ts'
import { isDialled, leadOf, replaceWords } from '../../facts/names/host-words.ts'
import { dialTexts } from '../../facts/names/texts.ts'
import { rewriteNames } from '../names-to-services/rewrite.ts'
import { nameFor } from './name-for.ts'
import { reason } from './reasons.ts'

/**
 * Additional hosts at the fixed address of a service. A name that is free and valid becomes one of that service's names;
 * any other is replaced in the texts of the service that has it, and of that service alone.
 */
export function planExtraHosts(conversion: Conversion): void {
  for (const service of conversion.services)
    for (const host of extraHostsOf(service.compose)) {
      const owner = conversion.addresses.get(sameAddress(host.address))
      if (owner !== undefined) planHost(conversion, service, host, owner)
    }
}

function planHost(
  conversion: Conversion,
  service: ServiceConversion,
  { name: written, address, key }: ExtraHost,
  owner: ServiceConversion,
): void {
  const { owners, plan, report } = conversion
  const name = written.toLowerCase()
  const external = plan.external.some((known) => known.name === name)
  if (isServiceName(name) && !external && (owners.get(name) ?? owner) === owner) {
    if (!owners.has(name)) owner.plan.names.push({ written, name, from: 'extra_host' })
    owners.set(name, owner)
    service.add(['extra_hosts', key], reason('resolves', { name: written, service: owner.service }))
    return
  }
  const instead = nameFor(owner, service)
  if (dials(service, written)) {
    rewriteNames(conversion, service, new Map([[written, instead]]))
    service.add(['extra_hosts', key], reason('host-replaced', { name: written, instead }))
    return
  }
  service.add(['extra_hosts', key], reason('no-fixed-address', { address }))
  report({
    code: 'convert/literal-address',
    severity: 'warning',
    message: `${written} does not resolve: ${address} is the fixed address of ${owner.service}, and a pod has no fixed address`,
    path: service.at('extra_hosts', key),
    hint: `connect to ${instead} instead`,
  })
}

function dials(service: ServiceConversion, name: string): boolean {
  let found = false
  let previous = ''
  for (const text of dialTexts(service)) {
    const lead = leadOf(text, previous)
    previous = text.text
    for (const line of text.text.split('\n'))
      replaceWords(line, lead, (word, before, after) => {
        found ||= word === name && isDialled(before, after)
        return word
      })
  }
  return found
}
