import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { metadataFor } from '../../objects/bundle-draft.ts'
import type { Plan, Route, ServicePlan } from '../../plan/plan.ts'
import { type Offer, routedPort } from './exposure.ts'

/** Decides what an Ingress or a Gateway exposes of a service. */
export function planRoute(
  conversion: Conversion,
  service: ServiceConversion,
  offer: Offer,
): Route | undefined {
  const { plan } = service
  const port = routedPort(service, offer)
  if (port === undefined || (offer.type !== 'Ingress' && offer.type !== 'Gateway')) return undefined
  if (offer.type === 'Gateway' && offer.gateway === undefined) {
    conversion.report({
      code: 'convert/no-gateway',
      severity: 'error',
      message: `${service.service} is exposed by a Gateway without a name`,
      path: service.at('expose'),
      hint: `set services.${service.service}.expose.gateway in landfall.yaml to one that \`kubectl get gateways\` lists`,
    })
    return undefined
  }
  const { host, path = '/', gateway, tls } = offer
  return {
    kind: offer.type,
    port,
    path,
    ...(host === undefined ? {} : { host }),
    ...(offer.class === undefined ? {} : { class: offer.class }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(tls === undefined || tls === false
      ? {}
      : { certificate: tls === true ? `${plan.name}-tls` : tls }),
  }
}

/** `https://shop.example.com/api` */
export function addressOfRoute({ host, path, certificate }: Route): string {
  return `${certificate === undefined ? 'http' : 'https'}://${host ?? '*'}${path}`
}

export function routeObject(plan: Plan, service: ServicePlan, route: Route) {
  const metadata = metadataFor(plan, service.name, service)
  return route.kind === 'Ingress'
    ? ingress(metadata, service.name, route)
    : httpRoute(metadata, service.name, route)
}

function ingress(metadata: object, name: string, route: Route) {
  const { host, certificate } = route
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: {
      ...(route.class === undefined ? {} : { ingressClassName: route.class }),
      ...(certificate === undefined
        ? {}
        : { tls: [{ ...(host === undefined ? {} : { hosts: [host] }), secretName: certificate }] }),
      rules: [
        {
          ...(host === undefined ? {} : { host }),
          http: {
            paths: [
              {
                path: route.path,
                pathType: 'Prefix',
                backend: { service: { name, port: { number: route.port } } },
              },
            ],
          },
        },
      ],
    },
  }
}

function httpRoute(metadata: object, name: string, { host, path, port, gateway }: Route) {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata,
    spec: {
      parentRefs: [{ name: gateway }],
      ...(host === undefined ? {} : { hostnames: [host] }),
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: path } }],
          backendRefs: [{ name, port }],
        },
      ],
    },
  }
}
