import { toDnsLabel } from '@landfall/kube'
import { copiesOfPod } from '../adaptations/copies/of-pod.ts'
import { addMountPoints } from '../adaptations/files/mount-points.ts'
import { rolloutOf } from '../adaptations/rollout/decide.ts'
import type { Conversion, ServiceConversion } from '../conversion.ts'
import { accountName } from '../plan/account-name.ts'
import type { Plan, PodNeeds, PodPlan, PodVolume, Roll, ServicePlan } from '../plan/plan.ts'
import { containersOf, type Member } from './containers.ts'
import { needsOf } from './needs.ts'
import { nodesOf } from './one-node.ts'
import { partsOf } from './parts.ts'
import { letOthersStart, startingFirst } from './start-order.ts'
import { addVolumes } from './volumes.ts'

/**
 * Seconds. Waiting in a gate is no failure of a rollout, whose deadline of ten minutes it would use up; a day is longer
 * than any wait.
 */
const GATED_PROGRESS = 86_400

/** Decides what every pod holds, once everything is decided for each service. */
export function planPods({ services, plan }: Conversion): void {
  const pods = new Map<string, ServiceConversion[]>()
  for (const service of services)
    if (service.plan.pod === undefined) pods.set(service.service, [service])
  for (const service of services)
    if (service.plan.pod !== undefined) pods.get(service.plan.pod)?.push(service)
  const all = [...pods.values()]
  const nodes = nodesOf(all, plan.volumes)
  plan.pods = all.map((together) => planPod(together, plan, nodes))
}

function planPod(
  together: readonly ServiceConversion[],
  plan: Plan,
  nodes: ReturnType<typeof nodesOf>,
): PodPlan {
  const [{ plan: own }] = together as [ServiceConversion]
  const oneNode = nodes.get(own.service)
  const first = startingFirst(together)
  for (const service of first)
    if (service.plan.oncePerPod === undefined) letOthersStart(service, together)
  const volumes: PodVolume[] = []
  const members = together.map(({ plan: service }): Member => {
    addMountPoints(service)
    const parts = partsOf(service, plan)
    return { service, parts, names: addVolumes(volumes, parts.volumes, service.name) }
  })
  const needs = needsOf(members.map(({ service }) => service.needs))
  const permits = members.flatMap(({ service, parts: { permit } }) =>
    permit.length === 0 ? [] : [{ of: service.service, rules: permit }],
  )
  const holder = members.find(({ parts }) => parts.permit.length > 0)?.service
  const rollout = rolloutOf(together)
  const copies = copiesOfPod(together, oneNode)
  const isGated = members.some(({ service }) => service.gates.length > 0 || awaitsCopy(service))
  return {
    service: own.service,
    name: own.name,
    kind: own.kind,
    kindBecause: own.kindBecause,
    replicas: own.replicas,
    ...copies.plan,
    ...(rollout === undefined ? {} : { rollout }),
    ...(own.job === undefined ? {} : { job: own.job }),
    ...(isGated && own.kind === 'Deployment' ? { progressDeadline: GATED_PROGRESS } : {}),
    ...(own.mayComplete === undefined ? {} : { mayComplete: own.mayComplete }),
    services: members.map(({ service }) => service.service),
    ...containersOf(
      members,
      first.map(({ service }) => service),
      plan.images.gate,
    ),
    volumes,
    needs: copies.spread(needs),
    ...(sharesProcesses(own, needs) ? { sharesProcesses: true } : {}),
    ...(oneNode === undefined ? {} : { oneNode }),
    ...(holder === undefined ? {} : { account: accountName(holder) }),
    permits,
    annotations: {
      pod: firstOf(members.map(({ service }) => service.annotations.pod)),
      workload: firstOf(members.map(({ service }) => service.annotations.workload)),
    },
    rolls: rollsOf(members),
  }
}

/**
 * With the processes of the node a pod has those of its containers as well, and the API takes one of both. The checker
 * of a program that never exits ends it: the kubelet would give a sidecar two seconds at least.
 */
function sharesProcesses({ oneShot, sharesProcesses }: ServicePlan, { node }: PodNeeds): boolean {
  const isEnded = oneShot?.check !== undefined && oneShot.neverExits
  return isEnded || (sharesProcesses === true && node.processes !== true)
}

/** Several mappings as one, in which the first that has a key decides. */
function firstOf(mappings: readonly Record<string, string>[]): Record<string, string> {
  return Object.assign({}, ...[...mappings].reverse())
}

/** Each hash has an annotation of its own: that of a second service ends with the name of the service. */
function rollsOf(members: readonly Member[]): Roll[] {
  const taken = new Set<string>()
  return members.flatMap(({ service, parts }) =>
    parts.rolls.map((roll): Roll => {
      if (roll.annotation === undefined) return { ...roll, of: service.service }
      const [prefix = '', name] = roll.annotation.split('/')
      const annotation = taken.has(roll.annotation)
        ? `${prefix}/${toDnsLabel(`${name}-${service.name}`)}`
        : roll.annotation
      taken.add(annotation)
      return { ...roll, annotation, of: service.service }
    }),
  )
}

/** Whether a tree that is too large for objects has to be in a claim of the service before it starts. */
function awaitsCopy({ files }: ServicePlan): boolean {
  return files.some(({ fills }) => fills?.upload !== undefined)
}
