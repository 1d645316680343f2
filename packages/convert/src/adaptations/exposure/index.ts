import { COMPOSE_SERVICE_ANNOTATION, type KubeObject, PUBLISHED_ANNOTATION } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { numbersOf } from '../../facts/identity.ts'
import { nameBeside } from '../../facts/names/legal-names.ts'
import { metadataFor, selectorOf } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import type { Identity, Plan, PublishedPort, ServicePlan } from '../../plan/plan.ts'
import { portName } from '../names-to-services/service-ports.ts'
import { offerOf } from './exposure.ts'
import { buildForwarded } from './forwarded.ts'
import { buildHostPorts, portsOfService } from './host-ports.ts'
import { offerIngress } from './optional-ingress.ts'
import { declareRoute } from './parameters.ts'
import type { Given } from './place.ts'
import { planPorts } from './plan-ports.ts'
import { publishedEntries } from './published-entries.ts'
import { reason } from './reasons.ts'
import { routeObject } from './route.ts'

/** The Service beside the names that peers use; none where the ports are those of a node, or there are none. */
function planService(conversion: Conversion, service: ServiceConversion): void {
  const { plan } = service
  if (portsOfService(plan).length === 0) return
  plan.publishedService = {
    name: nameBeside(plan.name, 'published', (name) => conversion.owners.has(name)),
    type: offerOf(conversion, service).type === 'LoadBalancer' ? 'LoadBalancer' : 'NodePort',
  }
}

function publishedService(
  plan: Plan,
  service: ServicePlan,
  { name, type }: NonNullable<ServicePlan['publishedService']>,
): KubeObject {
  const published = portsOfService(service)
  const metadata = metadataFor(plan, name, service)
  annotate(metadata, COMPOSE_SERVICE_ANNOTATION, service.service)
  annotate(metadata, PUBLISHED_ANNOTATION, publishedEntries(published))
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type,
      ...(service.reach.mode === 'ready' ? {} : { publishNotReadyAddresses: true }),
      selector: selectorOf(plan, service),
      ports: numbersFirst(published).map((one) => ({
        name: portName(one),
        port: type === 'LoadBalancer' ? (one.published ?? one.port) : one.port,
        targetPort: one.port,
        protocol: one.protocol,
        ...(one.appProtocol === undefined ? {} : { appProtocol: one.appProtocol }),
        ...(one.nodePort === undefined ? {} : { nodePort: one.nodePort }),
      })),
    },
  }
}

/** The API gives numbers in the order of the list: what it may choose must not take one that is declared. */
function numbersFirst(ports: readonly PublishedPort[]): PublishedPort[] {
  const declared = ({ nodePort }: PublishedPort) => nodePort !== undefined
  return [...ports.filter(declared), ...ports.filter((port) => !declared(port))]
}

/** Ports of the node that copies have of their own. */
function portsOfCopies({ services }: Conversion): Given['taken'] {
  return new Map(
    services.flatMap(({ plan: { name, identity } }) =>
      (identity?.ports ?? [])
        .filter(({ offered }) => offered === 'NodePort')
        .flatMap(({ base }) =>
          numbersOf(identity as Identity).map((number): [number, string] => [
            base + number,
            `${name}-${number}`,
          ]),
        ),
    ),
  )
}

export default {
  id: 'exposure',
  reasons: reason,
  title: 'Expose published ports outside the cluster',
  plan(conversion) {
    const taken = portsOfCopies(conversion)
    for (const service of conversion.services) {
      planPorts(conversion, service, taken)
      planService(conversion, service)
    }
  },
  build(draft) {
    const { objects, plan, parameters } = draft
    buildForwarded(draft)
    for (const service of plan.services) {
      buildHostPorts(draft, service)
      const { route, name, publishedService: beside } = service
      if (beside !== undefined) {
        objects.set(`service/${beside.name}`, publishedService(plan, service, beside))
      }
      if (route !== undefined) {
        const object = routeObject(plan, service, route) as KubeObject
        objects.set(`${route.kind === 'Ingress' ? 'ingress' : 'httproute'}/${name}`, object)
        declareRoute(parameters, service, route, object)
      }
    }
    offerIngress(draft)
  },
} satisfies Adaptation
