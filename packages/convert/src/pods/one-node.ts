import { toLabelValue } from '@landfall/kube'
import type { ServiceConversion } from '../conversion.ts'
import { mostCopies } from '../facts/most-copies.ts'
import type { PodPlan, Rollout, VolumePlan } from '../plan/plan.ts'

/** The services of a pod, and how it is replaced. */
interface ReplacedPod {
  together: readonly ServiceConversion[]
  rollout: Rollout | undefined
}

/**
 * Pods that share a claim which only one node can mount must run on one node; so must those that share another claim
 * with one of them. Each such set gets a name, that of its first claim. Copies of one pod that have such a claim are
 * together as well, also if there are two only while one replaces the other. Gives the answer for each pod, by its first service.
 */
export function nodesOf(
  replaced: readonly ReplacedPod[],
  volumes: readonly VolumePlan[],
): Map<string, NonNullable<PodPlan['oneNode']>> {
  const pods = replaced.map(({ together }) => together)
  const alone = volumes.filter(({ shared }) => !shared)
  const setOf = new Map(pods.flat().map(({ service }) => [service, new Set([service])]))
  const join = (services: readonly string[]): void => {
    const merged = new Set(services.flatMap((service) => [...(setOf.get(service) ?? [])]))
    for (const service of merged) setOf.set(service, merged)
  }
  for (const { mountedBy } of alone) join(mountedBy)
  const inSets = (pod: readonly ServiceConversion[]) =>
    pod.map(({ service }) => service).filter((service) => (setOf.get(service)?.size ?? 0) > 1)
  for (const pod of pods) join(inSets(pod))
  const nameOf = new Map<Set<string> | undefined, string>()
  for (const { mountedBy, claim } of alone) {
    const set = setOf.get(mountedBy[0] ?? '')
    if (set !== undefined && set.size > 1 && !nameOf.has(set)) nameOf.set(set, toLabelValue(claim))
  }
  const mounting = new Set(alone.flatMap(({ mountedBy }) => mountedBy))
  const nodes = new Map<string, { group?: string }>()
  for (const { together: pod, rollout } of replaced) {
    const [{ service, plan }] = pod as [ServiceConversion]
    const [member = service] = inSets(pod)
    const group = nameOf.get(setOf.get(member))
    if (group !== undefined) nodes.set(service, { group })
    else if (hasCopies(plan, rollout) && pod.some((one) => mounting.has(one.service)))
      nodes.set(service, {})
  }
  return nodes
}

function hasCopies(plan: ServiceConversion['plan'], rollout?: Rollout): boolean {
  return (
    mostCopies(plan) > 1 ||
    (plan.kind === 'Deployment' && rollout?.strategy.type === 'RollingUpdate')
  )
}
