import { adaptations } from '../adaptations/index.ts'
import type { ContainerMount, Plan, PodPart, ServicePlan } from '../plan/plan.ts'

/** What a service puts into its pod: the parts of all adaptations, in their order. */
export function partsOf(service: ServicePlan, plan: Plan): Required<PodPart> {
  const mounts: ContainerMount[] = []
  const whole: Required<PodPart> = { volumes: [], mounts, containers: [], permit: [], rolls: [] }
  for (const { part } of adaptations) {
    const added = part?.(service, plan, mounts) ?? {}
    for (const volume of added.volumes ?? [])
      if (!whole.volumes.some(({ name }) => name === volume.name)) whole.volumes.push(volume)
    mounts.push(...(added.mounts ?? []))
    whole.containers.push(...(added.containers ?? []))
    whole.permit.push(...(added.permit ?? []))
    whole.rolls.push(...(added.rolls ?? []))
  }
  return whole
}
