import { toPointer } from '@landfall/diagnostic'
import { CONNECTED_ANNOTATION, type KubeObject, toServiceName } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { isDisabled } from '../../facts/disabled.ts'
import { allocateNames, nameBeside } from '../../facts/names/legal-names.ts'
import { shareNetwork } from '../../facts/names/networks.ts'
import { metadataFor, selectorOf } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import { hasNames } from '../../plan/names.ts'
import type { PeerName, Plan, PlannedPort, ServicePlan } from '../../plan/plan.ts'
import { nameCopies } from '../identity/names.ts'
import { reportChangedNames } from './changed-names.ts'
import { containerNames } from './container-names.ts'
import { reason } from './reasons.ts'
import { rewriteDialledNames } from './rewrite.ts'
import { servicePorts } from './service-ports.ts'
import { shareNames } from './shared-names.ts'

/** Of a Service whose name resolves to the addresses of the pods. */
const ADDRESSES = { clusterIP: 'None' }

interface Candidate {
  owner: ServiceConversion
  written: string
  from: PeerName['from']
  /** Where the name is written, below the service that writes it. */
  writer: ServiceConversion
  keys: (string | number)[]
  /** Of a name that Compose makes up: the key whose text has it. */
  pointer?: string
}

/** In the order of their right to a name that two services want. */
function candidatesOf(conversion: Conversion): Candidate[] {
  const byKind: Record<PeerName['from'], Candidate[]> = {
    service: [],
    container_name: [],
    hostname: [],
    alias: [],
    link: [],
    container: [],
    tasks: [],
    extra_host: [],
  }
  for (const owner of conversion.services) {
    const { compose, service } = owner
    const add = (from: PeerName['from'], written: string, keys: (string | number)[]): void => {
      byKind[from].push({ owner, written, from, writer: owner, keys })
    }
    add('service', service, [])
    if (compose.container_name !== undefined)
      add('container_name', compose.container_name, ['container_name'])
    // that of copies with numbers has a Service for each number
    if (compose.hostname !== undefined && owner.plan.identity === undefined)
      add('hostname', compose.hostname, ['hostname'])
    for (const [network, attachment] of Object.entries(compose.networks ?? {}))
      for (const [index, alias] of (attachment?.aliases ?? []).entries())
        add('alias', alias, ['networks', network, 'aliases', index])
    for (const [index, link] of (compose.links ?? []).entries()) {
      const [target, written] = link.split(':')
      const linked = conversion.serviceOf(target ?? '')
      if (linked !== undefined)
        byKind.link.push({
          owner: linked,
          written: written ?? linked.service,
          from: 'link',
          writer: owner,
          keys: ['links', index],
        })
      else if (isDisabled(conversion.settings, target ?? ''))
        owner.note(
          ['links', index],
          reason('link-outside', { name: written ?? (target as string) }),
        )
    }
  }
  for (const { owner, written, from, pointer } of containerNames(conversion))
    byKind[from].push({ owner, written, from, writer: owner, keys: [], pointer })
  return Object.values(byKind).flat()
}

/** Names that Docker's resolver knows; several containers may answer to one of them. */
const RESOLVED = new Set<PeerName['from']>(['service', 'container_name', 'alias', 'container'])

function planNames(conversion: Conversion): void {
  const candidates = candidatesOf(conversion)
  const settled = new Map(conversion.services.map(({ service, plan }) => [service, plan.name]))
  // `data.store` and `data_store` may be one name where they are one service.
  for (const { written, owner } of candidates)
    if (toServiceName(written) === owner.plan.name && !settled.has(written))
      settled.set(written, owner.plan.name)
  // `shop-db-1` and `shop_db_1` are one name as well.
  for (const { written, from } of candidates)
    if (from === 'container' && !settled.has(written)) settled.set(written, toServiceName(written))
  const legal = allocateNames(
    candidates.map(({ written }) => written),
    settled,
  )
  const first = new Map<string, Candidate>()
  for (const candidate of candidates) {
    const name = legal.get(candidate.written) as string
    const known = first.get(name)
    if (known === undefined) {
      first.set(name, candidate)
      own(conversion, candidate, name)
    } else if (known.owner !== candidate.owner) contend(conversion, candidate, known, name)
    else spell(conversion, candidate, name)
  }
}

/** Another spelling of a name that a service has already. */
function spell(conversion: Conversion, candidate: Candidate, name: string): void {
  const { owner, written, from } = candidate
  if (from !== 'container' && from !== 'tasks') noteName(conversion, candidate, name)
  else if (!owner.plan.names.some((known) => known.written === written))
    own(conversion, candidate, name)
}

function own(conversion: Conversion, candidate: Candidate, name: string): void {
  const { owners } = conversion
  const { owner, written, from } = candidate
  owners.set(name, owner)
  owners.set(written.toLowerCase(), owner)
  owner.plan.names.push({ written, name, from })
  noteName(conversion, candidate, name)
}

function noteName(
  { ledger }: Conversion,
  { owner, written, from, writer, keys, pointer }: Candidate,
  name: string,
): void {
  const resolves = { name: written, service: owner.service }
  if (pointer !== undefined) {
    if (written.toLowerCase() === name) ledger.amend(pointer, reason('generated-name', resolves))
  } else if (written.toLowerCase() !== name) writer.add(keys, reason('renamed', { written, name }))
  else if (from !== 'service') writer.note(keys, reason('resolves', resolves))
}

/** A name that two services have: Docker gives both in turn on one network, and one each on two. */
function contend(
  conversion: Conversion,
  candidate: Candidate,
  known: Candidate,
  name: string,
): void {
  const { owner, written, from, writer, keys } = candidate
  const { sharers, owners } = conversion
  if (!RESOLVED.has(from) || !RESOLVED.has(known.from))
    writer.note(keys, reason('owned-by-other', { name: written, service: known.owner.service }))
  else if (shareNetwork(owner, known.owner)) {
    const all = [...new Set([...(sharers.get(name) ?? [known.owner]), owner])]
    for (const key of [name, written.toLowerCase()]) sharers.set(key, all)
    const names = all.map(({ service }) => service).join(' and ')
    writer.note(keys, reason('in-turn', { name: written, services: names }))
  } else {
    const other = nameBeside(name, owner.plan.name, (taken) => owners.has(taken))
    owners.set(other, owner)
    owner.plan.names.push({ written, name: other, from, beside: known.owner.service })
    writer.note(
      keys,
      reason('other-network', { written, service: known.owner.service, name: other }),
    )
  }
}

/** `dnsrr` gives the addresses of the pods, everything else one address for all of them. */
function noteEndpoints({ services }: Conversion): void {
  for (const { compose, plan, note } of services) {
    if (compose.deploy?.endpoint_mode === 'dnsrr') plan.byAddress = true
    if (compose.deploy?.endpoint_mode !== undefined)
      note(
        ['deploy', 'endpoint_mode'],
        reason(compose.deploy.endpoint_mode === 'dnsrr' ? 'pod-addresses' : 'one-address'),
      )
  }
}

function noteNetworks({ project, ledger, services }: Conversion): void {
  for (const { compose, note } of services)
    for (const [network, attachment] of Object.entries(compose.networks ?? {})) {
      for (const key of Object.keys(attachment ?? {}))
        if (key !== 'aliases' && key !== 'ipv4_address' && key !== 'ipv6_address')
          note(['networks', network, key], reason('assigned-address'))
      if (attachment === null || Object.keys(attachment).length === 0)
        note(['networks', network], reason('one-network'))
    }
  for (const [network, declared] of Object.entries(project.networks ?? {}))
    ledger.record(
      toPointer(['networks', network]),
      reason(
        declared?.internal === true
          ? 'internal-network'
          : declared?.external === true
            ? 'external-network'
            : 'one-network',
      ),
    )
}

/** A Service for one name: a ClusterIP with the known ports, or, when none is known, the bare addresses of the pods. */
export function serviceObject(
  plan: Plan,
  service: ServicePlan,
  name: string,
  more: Record<string, unknown> = {},
  offered: readonly PlannedPort[] = service.ports,
) {
  const ports = servicePorts(offered)
  const bare = ports.length === 0 || service.unlisted.length > 0
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataFor(plan, name, service),
    spec: {
      ...(bare ? { clusterIP: 'None' } : { type: 'ClusterIP' }),
      ...more,
      selector: selectorOf(plan, service),
      ...(ports.length === 0 ? {} : { ports }),
    },
  }
}

/** What the Service of a name says for the way in which the service is reached. */
function reachOf({ reach, byAddress }: ServicePlan): Record<string, unknown> {
  const bare = reach.mode === 'pods' || byAddress === true
  return {
    ...(bare ? ADDRESSES : {}),
    ...(reach.mode === 'ready' ? {} : { publishNotReadyAddresses: true }),
  }
}

/** Who connects to which port: what `landfall up` tests from inside the cluster. */
function nameConnections(object: KubeObject | undefined, { ports }: ServicePlan): void {
  const connected = ports.flatMap(({ port, connectedBy }) =>
    connectedBy === undefined ? [] : [`${port}:${connectedBy}`],
  )
  if (object !== undefined && connected.length > 0)
    annotate(object.metadata, CONNECTED_ANNOTATION, connected.join(','))
}

export default {
  id: 'names-to-services',
  reasons: reason,
  title: 'Create a Service for every name of a service',
  plan(conversion) {
    planNames(conversion)
    nameCopies(conversion)
    noteNetworks(conversion)
    noteEndpoints(conversion)
    reportChangedNames(conversion)
    rewriteDialledNames(conversion)
    conversion.plan.sharedNames = [...conversion.sharers].map(([name, services]) => ({
      name,
      services: services.map(({ service }) => service),
    }))
  },
  build(draft) {
    const { objects, plan } = draft
    for (const service of plan.services) {
      if (!hasNames(service)) continue
      for (const { name, from } of service.names)
        objects.set(
          `service/${name}`,
          serviceObject(plan, service, name, from === 'tasks' ? ADDRESSES : reachOf(service)),
        )
      nameConnections(objects.get(`service/${service.name}`), service)
    }
    shareNames(draft)
  },
} satisfies Adaptation
