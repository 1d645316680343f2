import { toPointer } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import { type DraftParameters, declare } from '../../objects/parameters.ts'
import type { Route, ServicePlan } from '../../plan/plan.ts'

/** Of a host, or of an object that is named like one. */
export const NAME: string = '[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?'

/** The host, the class and the certificate of an Ingress; the host and the Gateway of a route. */
export function declareRoute(
  parameters: DraftParameters,
  { service }: ServicePlan,
  route: Route,
  { spec }: KubeObject,
): void {
  const { host, certificate, gateway } = route
  const [rule] = spec.rules
  const add = (key: string, value: string, description: string, holder: object, field: string) =>
    declare(parameters, {
      path: ['services', service, 'expose', key],
      default: value,
      schema: { type: 'string', pattern: value === '' ? `^(?:${NAME})?$` : `^(?:\\*\\.)?${NAME}$` },
      description,
      origin: toPointer(['services', service, 'ports']),
      at: [{ in: holder, key: field, ...(value === '' ? { as: 'optional' as const } : {}) }],
    })
  if (route.kind === 'Ingress') {
    add('host', host ?? '', 'the host name of the Ingress', rule, 'host')
    add('class', route.class ?? '', 'the IngressClass', spec, 'ingressClassName')
    if (certificate !== undefined)
      add('tlsSecret', certificate, 'the Secret with the certificate', spec.tls[0], 'secretName')
    if (certificate !== undefined && host !== undefined)
      add('host', host, 'the host name of the Ingress', spec.tls[0].hosts, '0')
  } else {
    if (host !== undefined) add('host', host, 'the host name of the route', spec.hostnames, '0')
    add('gateway', gateway ?? '', 'the Gateway of the route', spec.parentRefs[0], 'name')
  }
}
