import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { dependenciesOf } from '../../facts/dependencies.ts'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'

const ANNOTATION = 'checksum.landfall.dev/restarts-with'

/** Workloads in an order in which each comes after those it restarts with. */
function inOrder({ workloads }: BundleDraft): WorkloadDraft[] {
  const done = new Set<WorkloadDraft>()
  const visit = (workload: WorkloadDraft): void => {
    if (done.has(workload)) return
    for (const target of targetsOf(workload, workloads)) visit(target)
    done.add(workload)
  }
  for (const workload of workloads) visit(workload)
  return [...done]
}

function targetsOf({ plan }: WorkloadDraft, workloads: readonly WorkloadDraft[]): WorkloadDraft[] {
  return plan.restartsWith.flatMap((service) =>
    workloads.filter((workload) => workload.plan.service === service),
  )
}

/** A one-shot runs once whatever happens to others, and makes no new pods of others. */
function planService({ serviceOf }: Conversion, service: ServiceConversion): void {
  if (service.plan.kind === 'Job') return
  service.plan.restartsWith = dependenciesOf(service).flatMap(([name, { restart }]) => {
    const target = serviceOf(name)
    return restart === true && target !== undefined && target.plan.kind !== 'Job' ? [name] : []
  })
}

export default {
  id: 'restarts-with',
  title: 'Make new pods of a service when one that it restarts with changes',
  plan(conversion) {
    for (const service of conversion.services) planService(conversion, service)
  },
  build(draft) {
    for (const workload of inOrder(draft)) {
      const targets = targetsOf(workload, draft.workloads)
      if (targets.length === 0) continue
      annotate(workload.pod.metadata, ANNOTATION, '')
      draft.derived.push({
        rule: 'content-hash',
        base: '',
        inputs: targets.map(({ role }) => ({ object: role, pointer: '/spec/template' })),
        at: [
          {
            object: workload.role,
            pointer: '/spec/template/metadata/annotations/checksum.landfall.dev~1restarts-with',
          },
        ],
      })
    }
  },
} satisfies Adaptation
