import { isDeepStrictEqual } from 'node:util'
import { toDnsLabel } from '@landfall/kube'
import type { ContainerPlan, ContainerPort, PodPart, ServicePlan } from '../plan/plan.ts'
import { PHASES } from '../plan/pod-plan.ts'
import type { VolumeNames } from './volumes.ts'

/** A service in its pod. */
export interface Member {
  service: ServicePlan
  parts: Required<PodPart>
  names: VolumeNames
}

type Containers = Record<'steps' | 'containers', ContainerPlan[]>

/**
 * The init containers of a pod in their order, and the containers that start when these are done. `first` are the
 * services whose programs start before the others, in their order.
 */
export function containersOf(
  members: readonly Member[],
  first: readonly string[],
  gateImage: string,
): Containers {
  const taken = new Set(members.map(({ service }) => service.name))
  const ports: ContainerPort[] = []
  const own = members.map((member) => ({
    once: member.service.oncePerPod !== undefined,
    program: programOf(member, ports),
    beside: besideOf(member, taken),
  }))
  const isChecked = own.some(({ beside }) => beside.some(isCheck))
  const before = isChecked
    ? own
    : first.flatMap((name) => own.filter(({ program }) => program.of === name))
  for (const { once, program } of before)
    if (!once && (!isChecked || neverExits(members))) program.sidecar = true
  // What a one-shot waits for does not hold back the server that it joins: those it waits for may need that.
  const isLate = (once: boolean, { phase }: ContainerPlan) => once && phase === 'wait'
  const steps = [
    ...own.flatMap(({ once, beside }) =>
      beside.filter((one) => !isCheck(one) && !isLate(once, one)),
    ),
    ...before.flatMap(({ once, program, beside }) => [
      ...beside.filter((one) => isLate(once, one)),
      program,
    ]),
  ]
  const containers = [
    ...own.flatMap((one) => (before.includes(one) ? [] : [one.program])),
    ...own.flatMap(({ beside }) => beside.filter(isCheck)),
  ]
  if (containers.length > 0) return { steps, containers }
  const [{ service }] = members as [Member]
  const name = freeName('keep', 'pod', taken)
  const keep = { phase: 'keep', of: service.service, name, image: gateImage } as const
  return { steps, containers: [{ ...keep, pullPolicy: 'IfNotPresent', mounts: [] }] }
}

function isCheck({ phase }: ContainerPlan): boolean {
  return phase === 'check'
}

function neverExits(members: readonly Member[]): boolean {
  return members.some(({ service }) => service.oneShot?.neverExits === true)
}

/** A pod has one network: a port that another container names already is not named again. */
function programOf({ service, parts, names }: Member, known: ContainerPort[]): ContainerPlan {
  const ports = portsOf(service).filter(
    (port) => !known.some((other) => isDeepStrictEqual(other, port)),
  )
  known.push(...ports)
  return {
    phase: 'program',
    of: service.service,
    name: service.name,
    image: service.image,
    pullPolicy: service.pullPolicy,
    mounts: renamed(parts.mounts, names),
    ...(ports.length === 0 ? {} : { ports }),
  }
}

function portsOf({ ports, published }: ServicePlan): ContainerPort[] {
  return ports.map(({ port, protocol }) => {
    const hostPort = published.findLast(
      (one) => one.port === port && one.protocol === protocol && one.hostPort !== undefined,
    )?.hostPort
    return { port, protocol, ...(hostPort === undefined ? {} : { hostPort }) }
  })
}

/** The other containers of a service in the order of their phases. */
function besideOf({ service, parts, names }: Member, taken: Set<string>): ContainerPlan[] {
  return parts.containers
    .map(
      (container): ContainerPlan => ({
        ...container,
        of: service.service,
        name: freeName(container.name, service.name, taken),
        pullPolicy: container.phase === 'seed' ? service.pullPolicy : 'IfNotPresent',
        mounts: renamed(container.mounts, names),
      }),
    )
    .sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase))
}

function freeName(name: string, suffix: string, taken: Set<string>): string {
  const free = taken.has(name) ? toDnsLabel(`${name}-${suffix}`) : name
  taken.add(free)
  return free
}

function renamed(mounts: ContainerPlan['mounts'], names: VolumeNames): ContainerPlan['mounts'] {
  return mounts.map((mount) => ({ ...mount, name: names.get(mount.name) ?? mount.name }))
}
