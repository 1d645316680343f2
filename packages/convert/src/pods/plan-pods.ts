import { toDnsLabel } from '@landfall/kube'
import { copiesOfPod } from '../adaptations/copies/of-pod.ts'
import { addMountPoints } from '../adaptations/files/mount-points.ts'
import { rolloutOf } from '../adaptations/rollout/decide.ts'
import type { Conversion, ServiceConversion } from '../conversion.ts'
import { accountName } from '../plan/names.ts'
import type {
  Plan,
  PodNeeds,
  PodPlan,
  PodVolume,
  Roll,
  Rollout,
  ServicePlan,
} from '../plan/plan.ts'
import { containersOf, type Member } from './containers.ts'
import { needsOf } from './needs.ts'
import { nodesOf } from './one-node.ts'
import { partsOf } from './parts.ts'
import { progressDeadline } from './progress-deadline.ts'
import { letOthersStart, startingFirst } from './start-order.ts'
import { addVolumes } from './volumes.ts'

/** Decides what every pod holds, once everything is decided for each service. */
export function planPods({ services, plan }: Conversion): void {
  const pods = new Map<string, ServiceConversion[]>()
  for (const service of services)
    if (service.plan.pod === undefined) pods.set(service.service, [service])
  for (const service of services)
    if (service.plan.pod !== undefined) pods.get(service.plan.pod)?.push(service)
  const all = [...pods.values()]
  const decided = all.map((together) => ({
    together,
    rollout: rolloutOf(together, plan.volumes),
  }))
  const nodes = nodesOf(decided, plan.volumes)
  plan.pods = decided.map(({ together, rollout }) => planPod(together, rollout, plan, nodes))
}

function planPod(
  together: readonly ServiceConversion[],
  rollout: Rollout | undefined,
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
  const copies = copiesOfPod(together, oneNode)
  const drain = members.find(({ service }) => service.drain !== undefined)?.service.drain
  const deadline = progressDeadline(
    members.map(({ service }) => service),
    rollout,
    needs.grace + (drain?.seconds ?? 0),
  )
  return {
    service: own.service,
    name: own.name,
    kind: own.kind,
    kindBecause: own.kindBecause,
    replicas: own.replicas,
    ...(own.identity && { firstNumber: own.identity.from, mostNumbered: own.identity.most }),
    ...copies.plan,
    ...(rollout === undefined ? {} : { rollout }),
    ...(drain === undefined ? {} : { drain }),
    ...(own.job === undefined ? {} : { job: own.job }),
    ...(deadline === undefined ? {} : { progressDeadline: deadline }),
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
    ...accountOf(together, holder),
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

/** The account that the first service with one in landfall.yaml names, or one of the pod if a service has rights. */
function accountOf(
  together: readonly ServiceConversion[],
  holder: ServicePlan | undefined,
): Pick<PodPlan, 'account' | 'accountIsGiven'> {
  const [given] = together.flatMap(({ settings }) => settings.serviceAccount ?? [])
  if (given !== undefined) return { account: given, accountIsGiven: true }
  return holder === undefined ? {} : { account: accountName(holder) }
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
