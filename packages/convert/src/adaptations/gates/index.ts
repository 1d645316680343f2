import { printWait } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import { hasNumber } from '../../facts/identity.ts'
import { type BundleDraft, containersOf, metadataFor } from '../../objects/bundle-draft.ts'
import { identityVariables } from '../../objects/identity.ts'
import type { Container } from '../../objects/pod.ts'
import type { Login, ServicePlan } from '../../plan/plan.ts'
import { buildGateLists } from './build-lists.ts'
import { because } from './causes.ts'
import { loginEnvironment } from './effects/build-logins.ts'
import { GATES, gateProgram, listsSource, rootWith } from './gate-container.ts'
import { gatesPart } from './part.ts'
import { buildPermits } from './permission.ts'
import { planGates } from './plan-gates.ts'
import { reason } from './reasons.ts'
import { GATE_SCRIPT, NUMBERED_GATE_SCRIPT } from './script/gate-script.ts'
import { buildGateServices } from './services.ts'

function buildGates(draft: BundleDraft): void {
  buildGateLists(draft)
  for (const { plan, object, volumes } of draft.workloads) {
    for (const { plan, volume } of volumes)
      if (plan.lists !== undefined) Object.assign(volume, listsSource(plan.lists))
    if (plan.progressDeadline !== undefined)
      object.spec.progressDeadlineSeconds = plan.progressDeadline
  }
  for (const { plan, service, container } of containersOf(draft, 'wait'))
    Object.assign(
      container,
      gateProgram('wait'),
      environmentOf(draft, service, plan.logins),
      plan.readsVolumes === true ? { securityContext: rootWith(['DAC_READ_SEARCH']) } : {},
    )
}

/** Logins, and the number of the copy that its lists name. */
function environmentOf(
  draft: BundleDraft,
  service: ServicePlan,
  logins: readonly Login[] = [],
): Pick<Container, 'env'> {
  const named = service.gates.some(({ wait }) => hasNumber(printWait(wait)))
  const env = [
    ...(named ? identityVariables(service).slice(0, 1) : []),
    ...(logins.length === 0 ? [] : loginEnvironment(draft, logins)),
  ]
  return env.length === 0 ? {} : { env }
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
    data: {
      'gate.sh': lists.some(([, text]) => hasNumber(text)) ? NUMBERED_GATE_SCRIPT : GATE_SCRIPT,
      ...Object.fromEntries(lists),
    },
  })
}
