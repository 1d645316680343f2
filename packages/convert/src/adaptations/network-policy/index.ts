import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { declaredAt } from '../../facts/declared-at.ts'
import { metadataFor, selectorOf } from '../../objects/bundle-draft.ts'
import type { Plan, ServicePlan } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/** A gate would never see what it waits for without a network. */
function waits({ compose, settings }: ServiceConversion): boolean {
  return compose.depends_on !== undefined || settings.waitsFor !== undefined
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
  title: 'Cut off a service without a network',
  plan(conversion) {
    for (const service of conversion.services) {
      if (service.compose.network_mode !== 'none') continue
      if (!waits(service)) service.plan.cutOff = declaredAt(conversion, service.at('network_mode'))
      service.note(
        ['network_mode'],
        reason(service.plan.cutOff === undefined ? 'waits-for-others' : 'isolated'),
      )
    }
  },
  build({ objects, plan }) {
    for (const service of plan.services)
      if (service.cutOff !== undefined)
        objects.set(`networkpolicy/${service.name}`, policyOf(plan, service))
  },
} satisfies Adaptation
