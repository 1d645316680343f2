import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { declaredAt } from '../../facts/declared-at.ts'
import { metadataFor, selectorOf } from '../../objects/bundle-draft.ts'
import type { Plan, ServicePlan } from '../../plan/plan.ts'

const id = 'network-policy'

function note(service: ServiceConversion): void {
  if (service.plan.cutOff !== undefined)
    service.note(
      id,
      ['network_mode'],
      'adapted',
      'a NetworkPolicy cuts it off, where the network of the cluster enforces policies',
    )
  else
    service.note(id, ['network_mode'], 'dropped', 'it waits for others over the network', {
      hint: 'remove depends_on and waitsFor of this service to have it cut off',
    })
}

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
  id,
  title: 'Cut off a service without a network',
  plan(conversion) {
    for (const service of conversion.services) {
      if (service.compose.network_mode !== 'none') continue
      if (!waits(service)) service.plan.cutOff = declaredAt(conversion, service.at('network_mode'))
      note(service)
    }
  },
  build({ objects, plan }) {
    for (const service of plan.services)
      if (service.cutOff !== undefined)
        objects.set(`networkpolicy/${service.name}`, policyOf(plan, service))
  },
} satisfies Adaptation
