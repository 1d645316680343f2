import {
  COMPOSE_SERVICE_ANNOTATION,
  containerAnnotation,
  GATE_PREFIX,
  isRefusal,
  type KubeClient,
  type KubeObject,
  objectId,
  SOURCE_ANNOTATION,
} from '@landfall/kube'
import { listKinds } from '../apply/observe.ts'
import { type Owners, ownersOf } from '../assess/roots.ts'
import { entryKey, readInventory } from '../release/inventory.ts'
import { isWorkload } from '../release/kind-order.ts'
import { RELEASE_LABEL, type ReleaseReference } from '../release/release.ts'

/** One service of a release, by the names of the Compose file. */
export interface Member {
  /** Its key in the Compose file. */
  service: string
  /** The workload in whose pods it runs. */
  workload: KubeObject
  /** Its containers in these pods, the one of its program first. */
  containers: string[]
  /** Other names that lead to it: container name, aliases, the names of its objects. */
  names: string[]
}

/** The services of a release, and where each name leads. */
export interface Members {
  reference: ReleaseReference
  members: Member[]
  /** Workloads of the present revision. */
  workloads: KubeObject[]
  /** Services of Kubernetes. */
  services: KubeObject[]
  /** The workload that answers to a name. */
  owners: Owners
}

/** Reads the services of a release; undefined when the namespace has none of that name. */
export async function readMembers(
  client: KubeClient,
  reference: ReleaseReference,
  signal?: AbortSignal,
): Promise<Members | undefined> {
  const { namespace, release } = reference
  const inventory = await readInventory(client, reference, signal)
  if (inventory === undefined) return undefined
  const entries = inventory.entries.filter(
    (entry) => isWorkload(entry) && entry.revision === inventory.revision,
  )
  const [live, services] = await Promise.all([
    listKinds(client, namespace, entries, signal),
    // they only give further names
    client
      .list(
        { apiVersion: 'v1', kind: 'Service', namespace },
        { labelSelector: `${RELEASE_LABEL}=${release}`, signal },
      )
      .catch((error) => {
        if (!isRefusal(error, 'Forbidden')) throw error
        return { items: [] }
      }),
  ])
  const workloads = entries.flatMap((entry) => live.get(entryKey(entry)) ?? [])
  return {
    reference,
    members: membersOf(workloads, services.items),
    workloads,
    services: services.items,
    owners: ownersOf(workloads, services.items),
  }
}

/** The services that run in these workloads, with the names by which Services of Kubernetes lead to them. */
export function membersOf(
  workloads: readonly KubeObject[],
  services: readonly KubeObject[],
): Member[] {
  const aliases = new Map<string, Set<string>>()
  for (const { metadata } of services) {
    const key = keyOfSource(metadata.annotations?.[SOURCE_ANNOTATION])
    if (key !== undefined) aliases.set(key, (aliases.get(key) ?? new Set()).add(metadata.name))
  }
  return workloads.flatMap((workload) => {
    const own =
      workload.metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION] ?? workload.metadata.name
    const containers = new Map<string, string[]>([[own, []]])
    for (const [service, container] of containersIn(workload, own))
      containers.set(service, [...(containers.get(service) ?? []), container])
    return [...containers].map(([service, names]) => {
      const others = new Set([...(aliases.get(service) ?? []), ...names])
      if (service === own)
        others.add(workload.metadata.name).add(withoutHash(workload.metadata.name))
      others.delete(service)
      return { service, workload, containers: mainFirst(names, service), names: [...others] }
    })
  })
}

/** The containers of a workload, gates left out, each with its service. */
function containersIn({ metadata, spec }: KubeObject, own: string): [string, string][] {
  const { containers = [], initContainers = [] } = spec?.template?.spec ?? {}
  const serviceOf = (name: string): string | undefined =>
    metadata.annotations?.[containerAnnotation(COMPOSE_SERVICE_ANNOTATION, name) ?? '']
  const all: { name: string }[] = [...containers, ...initContainers]
  return all
    .map(({ name }) => name)
    .filter((name) => !name.startsWith(GATE_PREFIX))
    .map((name) => [serviceOf(name) ?? own, name])
}

function mainFirst(containers: readonly string[], service: string): string[] {
  const main = containers.filter((name) => name === service)
  return [...main, ...containers.filter((name) => name !== service)]
}

/** The key of a service in `compose.yaml#/services/web`. */
function keyOfSource(source: string | undefined): string | undefined {
  const key = /#\/services\/([^/]+)$/.exec(source ?? '')?.[1]
  return key?.replaceAll('~1', '/').replaceAll('~0', '~')
}

function withoutHash(name: string): string {
  return name.replace(/-[0-9a-f]{10}$/, '')
}

/** A name that no service of the release has. */
export class NoServiceError extends Error {
  readonly hint: string

  constructor(name: string, { release }: ReleaseReference, known: readonly string[]) {
    super(`release ${release} has no service ${name}`)
    this.name = 'NoServiceError'
    const near = nearest(name, known)
    this.hint = near === undefined ? `its services: ${known.join(', ')}` : `did you mean ${near}?`
  }
}

/** The services with these names, in their order; a key of the Compose file counts before other names. Throws a {@link NoServiceError}. */
export function findMembers(
  { members, reference }: Pick<Members, 'members' | 'reference'>,
  names: readonly string[],
): Member[] {
  const found = names.map((name) => {
    const member =
      members.find(({ service }) => service === name) ??
      members.find(({ names: others }) => others.includes(name))
    if (member !== undefined) return member
    throw new NoServiceError(
      name,
      reference,
      members.map(({ service }) => service),
    )
  })
  return [...new Set(found)]
}

/** The name that is at most a third of its letters away from a written one. */
function nearest(written: string, known: readonly string[]): string | undefined {
  const rated = known
    .map((name) => ({ name, distance: distanceOf(written.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = rated
  const most = Math.max(1, Math.floor(written.length / 3))
  return best !== undefined && best.distance <= most ? best.name : undefined
}

/** Letters to insert, delete, replace or exchange with the next one (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + same,
        swapped ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    ;[before, last] = [last, row]
  }
  return last[b.length] as number
}

/** Object id of the workload of a service. */
export function workloadOf({ workload }: Member): string {
  return objectId(workload)
}
