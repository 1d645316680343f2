import { toLabelValue } from '@landfall/kube'
import type { Conversion } from '../../conversion.ts'
import { selectorOf, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import type { Plan } from '../../plan/plan.ts'

const GROUP = 'landfall.dev/volume-group'

/**
 * Services that share a volume which only one node can mount must run on one node; so must those that share another
 * volume with one of them. Each such set gets a name: that of its first volume.
 */
export function planGroups({ plan, services }: Conversion): void {
  const alone = plan.volumes.filter(({ shared }) => !shared)
  const groupOf = new Map(services.map(({ service }) => [service, new Set([service])]))
  for (const { mountedBy } of alone) {
    const merged = new Set(mountedBy.flatMap((service) => [...(groupOf.get(service) ?? [])]))
    for (const service of merged) groupOf.set(service, merged)
  }
  const names = new Map<Set<string>, string>()
  for (const volume of alone) {
    const group = groupOf.get(volume.mountedBy[0] ?? '')
    if (group === undefined || group.size < 2) continue
    if (!names.has(group)) names.set(group, toLabelValue(volume.claim))
    volume.group = names.get(group) as string
  }
}

/** Binds the pod to the node of its group; the first pod of a group matches its own term and goes anywhere. */
export function coLocate(
  { pod, plan: { service, replicas, name } }: WorkloadDraft,
  { project, volumes }: Plan,
): void {
  const group = volumes.find(
    (volume) => volume.group !== undefined && volume.mountedBy.includes(service),
  )?.group
  const own = replicas > 1 && volumes.some((v) => !v.shared && v.mountedBy.includes(service))
  if (group === undefined && !own) return
  const instance = 'app.kubernetes.io/instance'
  const selector = selectorOf(project, name)
  if (group !== undefined) pod.metadata.labels[GROUP] = group
  const matchLabels =
    group === undefined ? selector : { [GROUP]: group, [instance]: selector[instance] as string }
  pod.spec.affinity = {
    podAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  }
}
