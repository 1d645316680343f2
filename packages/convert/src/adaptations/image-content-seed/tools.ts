import type { Plan, PodPart, ServicePlan, VolumeMount } from '../../plan/plan.ts'

/** Where a static busybox is in containers whose image may have no programs. */
export const TOOLS = '/landfall-seed'

/** The volume of the tools. */
export const TOOLS_VOLUME = 'seed-tools'

/** The mounts of a service whose volumes it fills. */
export function seededIn({ seeds, volumes }: ServicePlan): VolumeMount[] {
  return seeds.flatMap(
    (volume) => volumes.find((mount) => mount.volume === volume && mount.copyContent) ?? [],
  )
}

/** The tools in the program of a service: its seeds bring them if it has any. */
export function toolsPart(service: ServicePlan, plan: Plan): PodPart {
  const mounts = [{ name: TOOLS_VOLUME, mountPath: TOOLS, readOnly: true }]
  return seededIn(service).length > 0 ? { mounts } : { ...bringTools(plan), mounts }
}

/** The volume of the tools, and the init container that fills it. */
export function bringTools({ images }: Plan): Required<Pick<PodPart, 'volumes' | 'containers'>> {
  const tools = { name: TOOLS_VOLUME, mountPath: TOOLS }
  return {
    volumes: [{ name: TOOLS_VOLUME, empty: {} }],
    containers: [{ phase: 'tools', name: 'landfall-tools', image: images.tools, mounts: [tools] }],
  }
}
