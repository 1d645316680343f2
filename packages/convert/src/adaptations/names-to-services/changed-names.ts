import { toPointer } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { shareNetwork } from '../../facts/names/networks.ts'
import { references } from '../../facts/names/references.ts'
import type { PeerName } from '../../plan/plan.ts'

/** Names that Docker's resolver gives to other containers. */
const RESOLVED = new Set<PeerName['from']>(['service', 'container_name', 'alias'])

/**
 * Reports names that no Service can have, where changing the texts of the project may not be enough: a service starts after
 * another one and no text shows by which name it reaches it, or an alias is a domain, which certificates and virtual hosts have too.
 */
export function reportChangedNames(conversion: Conversion): void {
  const changed = conversion.services.flatMap((owner) =>
    owner.plan.names.flatMap(({ written, name, from }) => {
      if (!RESOLVED.has(from) || written.toLowerCase() === name) return []
      const isDomain = from === 'alias' && written.includes('.')
      const peers = peersWithoutReference(conversion, owner)
      return isDomain || peers.length > 0 ? [{ owner, written, name, peers, isDomain }] : []
    }),
  )
  const [first] = changed
  if (first === undefined) return
  const names = changed.map(({ written, name }) => `${written} is called ${name}`).join(', ')
  const unreached = changed.filter(({ peers }) => peers.length > 0)
  const peers = [...new Set(unreached.flatMap((one) => one.peers))].join(', ')
  const whom = unreached.map(({ written }) => written).join(', ')
  const effects = [
    ...(peers === '' ? [] : [`${peers} cannot reach ${whom} by a name built into the program`]),
    ...(changed.some(({ isDomain }) => isDomain)
      ? ['certificates and virtual hosts for the former name do not match']
      : []),
  ]
  conversion.report({
    code: 'convert/changed-name',
    severity: 'warning',
    message: `${names}, because ${changed.length === 1 ? 'a Service cannot have that name' : 'Services cannot have those names'}: ${effects.join('; ')}`,
    path: toPointer(['services', first.owner.service]),
    hint: 'variables, commands and files of the project have the new name; where a program has another default, set it there or rename the service',
  })
}

/** The services that start after one, and in whose texts nothing names it. */
function peersWithoutReference({ services }: Conversion, owner: ServiceConversion): string[] {
  return services
    .filter(
      (peer) =>
        peer !== owner &&
        isDialled(peer.compose.depends_on?.[owner.service]?.condition) &&
        shareNetwork(peer, owner) &&
        !references(peer, owner),
    )
    .map(({ service }) => service)
}

/** Whether a service may connect to one that it waits for with this condition: one that has ended is reached by nobody. */
function isDialled(condition: string | undefined): boolean {
  return condition !== undefined && condition !== 'service_completed_successfully'
}
