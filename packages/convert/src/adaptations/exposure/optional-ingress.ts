import { toPointer } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { entriesSchema } from '../../objects/entries-schema.ts'
import { type DeclaredParameter, declare } from '../../objects/parameters.ts'
import type { ServicePlan } from '../../plan/plan.ts'
import { NAME } from './parameters.ts'
import { routeObject } from './route.ts'

/** Ports on which programs do not serve HTTP, by their usual numbers: FTP, SSH, mail, DNS, databases, queues. */
const NOT_HTTP: ReadonlySet<number> = new Set([
  21, 22, 23, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 1433, 1521, 1883, 2181, 3306, 4222,
  5432, 5671, 5672, 6379, 8883, 9092, 11211, 27017,
])

const ofTls = {
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['secretName'],
    properties: {
      secretName: { type: 'string', pattern: `^${NAME}$` },
      hosts: { type: 'array', items: { type: 'string', pattern: `^(?:\\*\\.)?${NAME}$` } },
    },
  },
}

/** An Ingress that a value turns on, for the first published port of a service that can be one for HTTP, where the project declares no route. */
export function offerIngress({ objects, plan, parameters, switches }: BundleDraft): void {
  for (const service of plan.services) {
    const port = routablePort(service, objects.get(`service/${service.name}`))
    const role = `ingress/${service.name}`
    if (port === undefined || objects.has(role)) continue
    const object = routeObject(plan, service, { kind: 'Ingress', port, path: '/' }) as KubeObject
    object.metadata.annotations ??= {}
    const path = ['services', service.service, 'expose']
    const origin = toPointer(['services', service.service, 'ports'])
    switches.push({
      path: [...path, 'enabled'],
      description: `an Ingress for the port ${port}`,
      origin,
      objects: new Map([[role, object]]),
      keys: [],
    })
    for (const { key, pointer, ...one } of values(object))
      declare(parameters, {
        ...one,
        path: [...path, key],
        at: [{ object: role, pointer, ...(one.as === undefined ? {} : { as: one.as }) }],
      })
  }
}

/** Sessions are bound to a pod at the Service, which an Ingress passes by. */
function routablePort(
  { kind, route, sticky, published }: ServicePlan,
  service: KubeObject | undefined,
): number | undefined {
  if (kind === 'Job' || route !== undefined || sticky === true) return undefined
  const offered: { port: number; protocol: string }[] = service?.spec.ports ?? []
  return published.find(
    ({ port, protocol, announced, appProtocol }) =>
      protocol === 'TCP' &&
      announced !== true &&
      (appProtocol === undefined || /^https?$/.test(appProtocol)) &&
      !NOT_HTTP.has(port) &&
      offered.some((one) => one.port === port && one.protocol === 'TCP'),
  )?.port
}

type Value = Pick<DeclaredParameter, 'default' | 'schema' | 'description'> & {
  key: string
  pointer: string
  as?: 'optional' | 'entries'
}

function values({ metadata }: KubeObject): Value[] {
  return [
    {
      key: 'host',
      default: '',
      schema: { type: 'string', pattern: `^(?:(?:\\*\\.)?${NAME})?$` },
      description: 'the host name of the Ingress; all if empty',
      pointer: '/spec/rules/0/host',
      as: 'optional',
    },
    {
      key: 'path',
      default: '/',
      schema: { type: 'string', pattern: '^/[^\\s]*$' },
      description: 'the path below which it is reached',
      pointer: '/spec/rules/0/http/paths/0/path',
    },
    {
      key: 'class',
      default: '',
      schema: { type: 'string', pattern: `^(?:${NAME})?$` },
      description: 'the IngressClass; that of the cluster if empty',
      pointer: '/spec/ingressClassName',
      as: 'optional',
    },
    {
      key: 'tls',
      default: [],
      schema: ofTls,
      description: 'certificates: - { secretName: web-tls, hosts: [shop.example.com] }',
      pointer: '/spec/tls',
      as: 'optional',
    },
    {
      key: 'annotations',
      default: {},
      schema: entriesSchema([metadata.annotations], false),
      description: 'annotations of the Ingress, which its controller reads',
      pointer: '/metadata/annotations',
      as: 'entries',
    },
  ]
}
