import { isDeepStrictEqual } from 'node:util'
import { toDnsLabel } from '@landfall/kube'
import { isMapping } from '../../mapping.ts'
import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import type { Container, PodSpec, PodVolume } from '../../objects/pod.ts'

/** Puts the containers of a guest into the pod of its host, with all that they need of a pod. */
export function mergePod({ pod: host }: WorkloadDraft, { pod: guest, plan }: WorkloadDraft): void {
  const suffix = plan.name
  const names = renamedVolumes(host.spec, guest.spec, suffix)
  for (const container of [...(guest.spec.initContainers ?? []), ...guest.spec.containers])
    for (const mount of container.volumeMounts ?? [])
      mount.name = names.get(mount.name) ?? mount.name
  const volumes = (guest.spec.volumes ?? []).map((volume) => ({
    ...volume,
    name: names.get(volume.name) ?? volume.name,
  }))
  for (const container of guest.spec.containers) dropKnownPorts(container, host.spec)
  const there = new Set((host.spec.volumes ?? []).map(({ name }) => name))
  append(
    host.spec,
    'volumes',
    volumes.filter(({ name }) => !there.has(name)),
  )
  append(host.spec, 'initContainers', withOwnNames(host.spec, guest.spec.initContainers, suffix))
  append(host.spec, 'containers', withOwnNames(host.spec, guest.spec.containers, suffix))
  mergeSpec(host.spec, guest.spec)
  host.metadata.labels = { ...guest.metadata.labels, ...host.metadata.labels }
}

/** Volumes of the guest whose name the host uses for something else; an emptyDir is never the same as another. */
function renamedVolumes(host: PodSpec, guest: PodSpec, suffix: string): Map<string, string> {
  const known = new Map((host.volumes ?? []).map((volume) => [volume.name, volume]))
  const differs = (volume: PodVolume): boolean => {
    const other = known.get(volume.name)
    return (
      other !== undefined && (volume.emptyDir !== undefined || !isDeepStrictEqual(other, volume))
    )
  }
  return new Map(
    (guest.volumes ?? [])
      .filter(differs)
      .map(({ name }) => [name, toDnsLabel(`${name}-${suffix}`)]),
  )
}

/** A pod has one network: a port that another container names already says nothing new. */
function dropKnownPorts(container: Container, { initContainers = [], containers }: PodSpec): void {
  const known = [...initContainers, ...containers].flatMap(({ ports = [] }) => ports)
  const own = container.ports?.filter(
    (port) => !known.some((other) => isDeepStrictEqual(other, port)),
  )
  if (own?.length === 0) delete container.ports
  else if (own !== undefined) container.ports = own
}

function withOwnNames(
  { initContainers = [], containers }: PodSpec,
  added: readonly Container[] = [],
  suffix: string,
): Container[] {
  const taken = new Set([...initContainers, ...containers].map(({ name }) => name))
  for (const container of added)
    if (taken.has(container.name)) container.name = toDnsLabel(`${container.name}-${suffix}`)
  return [...added]
}

function append<K extends 'volumes' | 'initContainers' | 'containers'>(
  spec: PodSpec,
  key: K,
  added: NonNullable<PodSpec[K]>,
): void {
  if (added.length > 0) spec[key] = [...(spec[key] ?? []), ...added] as NonNullable<PodSpec[K]>
}

/** What a pod has once: the host's, with what the guest needs beside it. */
function mergeSpec(host: PodSpec, guest: PodSpec): void {
  const grace = Math.max(
    host.terminationGracePeriodSeconds ?? 0,
    guest.terminationGracePeriodSeconds ?? 0,
  )
  if (grace > 0) host.terminationGracePeriodSeconds = grace
  mergeHosts(host, guest)
  for (const key of ['securityContext', 'nodeSelector', 'affinity'] as const)
    if (guest[key] !== undefined)
      Object.assign(host, { [key]: both(host[key], guest[key] as Record<string, unknown>) })
  for (const key of ['hostPID', 'hostIPC'] as const) if (guest[key]) host[key] = true
  for (const key of ['dnsConfig', 'runtimeClassName', 'topologySpreadConstraints'] as const)
    if (host[key] === undefined && guest[key] !== undefined)
      Object.assign(host, { [key]: guest[key] })
}

/** One entry for each address: the API takes no second one. */
function mergeHosts(host: PodSpec, guest: PodSpec): void {
  const names = new Map<string, string[]>()
  for (const { ip, hostnames } of [...(host.hostAliases ?? []), ...(guest.hostAliases ?? [])])
    names.set(ip, [...new Set([...(names.get(ip) ?? []), ...hostnames])])
  if (names.size > 0) host.hostAliases = [...names].map(([ip, hostnames]) => ({ ip, hostnames }))
}

/** Two mappings as one: lists are joined, a single value is the host's. */
function both(
  host: Record<string, unknown> | undefined,
  guest: Record<string, unknown>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...guest, ...host }
  for (const [key, value] of Object.entries(guest)) {
    const other = host?.[key]
    if (Array.isArray(value) && Array.isArray(other))
      merged[key] = [
        ...other,
        ...value.filter((one) => !other.some((b) => isDeepStrictEqual(b, one))),
      ]
    else if (isMapping(value) && isMapping(other)) merged[key] = both(other, value)
  }
  return merged
}
