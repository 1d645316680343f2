import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { metadataFor, selectorOf } from '../../objects/bundle-draft.ts'
import { reason } from './reasons.ts'

/** A gate would never see what it waits for without a network. */
function waits({ compose, settings }: ServiceConversion): boolean {
  return compose.depends_on !== undefined || settings.waitsFor !== undefined
}

function policyOf(conversion: Conversion, service: ServiceConversion) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataFor(conversion, service.plan.name, service, service.at('network_mode')),
    spec: {
      podSelector: { matchLabels: selectorOf(conversion.project.name, service.plan.name) },
      policyTypes: ['Ingress', 'Egress'],
    },
  }
}

export default {
  id: 'network-policy',
  reasons: reason,
  title: 'Cut off a service without a network',
  plan({ services }) {
    for (const service of services) {
      if (service.compose.network_mode !== 'none') continue
      if (!waits(service)) service.plan.cutOff = true
      service.note(
        ['network_mode'],
        reason(service.plan.cutOff === true ? 'isolated' : 'waits-for-others'),
      )
    }
  },
  build({ objects }, conversion) {
    for (const service of conversion.services)
      if (service.plan.cutOff === true)
        objects.set(`networkpolicy/${service.plan.name}`, policyOf(conversion, service))
  },
} satisfies Adaptation
