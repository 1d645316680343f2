import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { declaredAt } from '../../facts/declared-at.ts'
import { inPodOf } from '../../facts/pods.ts'
import { metadataFor, selectorOf } from '../../objects/bundle-draft.ts'
import type { Plan, ServicePlan } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/** Whether the gate of a service needs the network: for waits within its pod there is none. */
function waits(
  { compose, settings }: ServiceConversion,
  together: readonly ServiceConversion[],
): boolean {
  const others = Object.keys(compose.depends_on ?? {}).filter((name) =>
    together.every(({ service }) => service !== name),
  )
  return others.length > 0 || settings.waitsFor !== undefined
}

function hasNetwork({ compose }: ServiceConversion): boolean {
  return !/^(none|(service|container):.*)$/.test(String(compose.network_mode ?? ''))
}

/** A policy is for a whole pod: it isolates one whose containers all have no network of their own. */
function planService(conversion: Conversion, service: ServiceConversion): void {
  const together = inPodOf(conversion, service)
  const connected = together.find(hasNetwork)
  if (connected !== undefined) {
    service.note(['network_mode'], reason('shares-a-pod', { other: connected.service }))
    return
  }
  const waiting = together.some((one) => waits(one, together))
  if (!waiting) service.plan.cutOff = declaredAt(conversion, service.at('network_mode'))
  service.note(['network_mode'], reason(waiting ? 'waits-for-others' : 'isolated'))
}

function policyOf(plan: Plan, service: ServicePlan) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataFor(plan, service.name, service, service.cutOff),
    spec: {
      podSelector: { matchLabels: selectorOf(plan, service) },
      policyTypes: ['Ingress', 'Egress'],
    },
  }
}

export default {
  id: 'network-policy',
  reasons: reason,
  title: 'Isolate a service without a network',
  plan(conversion) {
    for (const service of conversion.services)
      if (service.compose.network_mode === 'none') planService(conversion, service)
  },
  build({ objects, plan }) {
    for (const service of plan.services)
      if (service.cutOff !== undefined)
        objects.set(`networkpolicy/${service.name}`, policyOf(plan, service))
  },
} satisfies Adaptation
