import { selectorOf, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import type { Plan } from '../../plan/plan.ts'

const GROUP = 'landfall.dev/volume-group'

/** Binds the pod to the node of its group; the first pod of a group matches its own term and goes anywhere. */
export function shareNode({ pod, plan }: WorkloadDraft, project: Plan): void {
  if (plan.oneNode === undefined) return
  const { group } = plan.oneNode
  const instance = 'app.kubernetes.io/instance'
  const selector = selectorOf(project, plan)
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
