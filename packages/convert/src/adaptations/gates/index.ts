import { printWait } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { metadataFor } from '../../objects/bundle-draft.ts'
import type { Gate } from '../../plan/plan.ts'
import { GATES, gateContainer, gateName, readVolumes } from './gate-container.ts'
import { GATE_SCRIPT } from './gate-script.ts'
import { permit } from './permission.ts'
import { planGates } from './plan-gates.ts'
import { reason } from './reasons.ts'
import { buildGateServices } from './services.ts'

/**
 * Seconds. Waiting in a gate is no failure of a rollout, whose deadline of ten minutes it would use up; a day is longer
 * than anybody waits.
 */
const GATED_PROGRESS = 86_400

function buildGates(draft: BundleDraft): void {
  for (const workload of draft.workloads) {
    const { pod } = workload
    const { gates, name } = workload.plan
    if (gates.length === 0) continue
    const lines = gates.filter(({ job }) => job === undefined).map(({ wait }) => printWait(wait))
    const lists = [...new Set(gates.flatMap((one) => jobList(draft, one) ?? []))].sort()
    if (lines.length > 0) {
      draft.gateLists.set(`waits-${name}`, `${lines.join('\n')}\n`)
      lists.push(`waits-${name}`)
    }
    const gate = gateContainer(draft.plan.images, pod, gateName(gates), lists, {
      volume: 'gate',
      mode: ['wait'],
    })
    if (gates.some(({ wait }) => wait.kind === 'file')) readVolumes(gate, workload.program)
    pod.spec.initContainers = [...(pod.spec.initContainers ?? []), gate]
    permit(draft, workload, gate)
    if (workload.object.kind === 'Deployment')
      workload.object.spec.progressDeadlineSeconds = GATED_PROGRESS
  }
}

/** One list a Job and kind of wait, shared by all that wait for it: its line holds a name that changes with the Job. */
function jobList(draft: BundleDraft, { job, wait, on }: Gate): string | undefined {
  if (job === undefined || (wait.kind !== 'job' && wait.kind !== 'job-or-ready')) return undefined
  const derived = draft.jobNames.get(job)
  if (derived === undefined) throw new Error(`${job} is not a one-shot`)
  const list = `${wait.kind}-${on}`
  const lineFor = (name: string) => `${printWait({ ...wait, job: name, label: on })}\n`
  const format = lineFor('{}')
  if (draft.gateLists.has(list)) return list
  draft.gateLists.set(list, lineFor(derived.base))
  derived.at.push({ object: `configmap/${GATES}`, pointer: `/data/${list}`, format })
  return list
}

export default {
  id: 'gates',
  reasons: reason,
  title: 'Hold a pod back until what it needs is there',
  plan: planGates,
  build(draft) {
    buildGates(draft)
    buildGateServices(draft)
  },
} satisfies Adaptation

/** The ConfigMap of all gates; written last, when every list is known. */
export function buildGatesObject(draft: BundleDraft): void {
  if (draft.gateLists.size === 0) return
  const lists = [...draft.gateLists].sort(([a], [b]) => (a < b ? -1 : 1))
  draft.objects.set(`configmap/${GATES}`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataFor(draft.plan, GATES),
    data: { 'gate.sh': GATE_SCRIPT, ...Object.fromEntries(lists) },
  })
}
