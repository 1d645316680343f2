import type { Adaptation } from '../../adaptation.ts'
import { type BundleDraft, containersOf, metadataFor } from '../../objects/bundle-draft.ts'
import { buildGateLists } from './build-lists.ts'
import { because } from './causes.ts'
import { loginEnvironment } from './effects/build-logins.ts'
import { GATES, gateProgram, listsSource, rootWith } from './gate-container.ts'
import { gatesPart } from './part.ts'
import { buildPermits } from './permission.ts'
import { planGates } from './plan-gates.ts'
import { reason } from './reasons.ts'
import { GATE_SCRIPT } from './script/gate-script.ts'
import { buildGateServices } from './services.ts'

function buildGates(draft: BundleDraft): void {
  buildGateLists(draft)
  for (const { plan, object, volumes } of draft.workloads) {
    for (const { plan, volume } of volumes)
      if (plan.lists !== undefined) Object.assign(volume, listsSource(plan.lists))
    if (plan.progressDeadline !== undefined)
      object.spec.progressDeadlineSeconds = plan.progressDeadline
  }
  for (const { plan, container } of containersOf(draft, 'wait'))
    Object.assign(
      container,
      gateProgram('wait'),
      plan.logins === undefined ? {} : { env: loginEnvironment(draft, plan.logins) },
      plan.readsVolumes === true ? { securityContext: rootWith(['DAC_READ_SEARCH']) } : {},
    )
}

export default {
  id: 'gates',
  reasons: reason,
  causes: because,
  title: 'Hold a pod back until its dependencies are there',
  plan: planGates,
  part: gatesPart,
  build(draft) {
    buildGates(draft)
    buildPermits(draft)
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
