import { toPointer } from '@landfall/diagnostic'
import type { KubeObject, Parameter } from '@landfall/kube'
import type { BundleDraft } from './bundle-draft.ts'
import { entriesSchema } from './entries-schema.ts'
import { declare } from './parameters.ts'

/** What the API refuses together. https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
const RULES = {
  allOf: [
    {
      if: { properties: { type: { const: 'ClusterIP' } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { nodePorts: { maxProperties: 0 } } },
    },
    {
      if: { not: { properties: { type: { const: 'LoadBalancer' } } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        properties: {
          loadBalancerClass: { maxLength: 0 },
          loadBalancerSourceRanges: { maxItems: 0 },
        },
      },
    },
  ],
}

const CIDR =
  '^(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}/[0-9]{1,2}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/[0-9]{1,3})$'

/** How the published ports of each service are reached from outside. */
export function declarePublished({ plan, objects, parameters }: BundleDraft): void {
  for (const { service, publishedService } of plan.services) {
    if (publishedService === undefined) continue
    const role = `service/${publishedService.name}`
    const object = objects.get(role)
    if (object === undefined) throw new Error(`no object ${role} in the bundle`)
    for (const one of [typeOf(object), annotationsOf(object), numbersOf(object), ...ofBalancers])
      declare(parameters, {
        ...one,
        path: ['services', service, 'published', ...one.path],
        origin: toPointer(['services', service, 'ports']),
        at: one.at.map((place) => ({ ...place, object: role })),
      })
  }
}

function typeOf({ spec }: KubeObject): Parameter {
  return {
    path: ['type'],
    default: spec.type,
    // a port of a Service inside of the cluster has no number of the nodes
    schema: {
      enum: [
        'NodePort',
        'LoadBalancer',
        ...(portsWithNumbers(spec).length > 0 ? [] : ['ClusterIP']),
      ],
    },
    group: RULES,
    description: 'how the published ports are reached from outside',
    at: [{ object: '', pointer: '/spec/type' }],
  }
}

function annotationsOf({ metadata }: KubeObject): Parameter {
  return {
    path: ['annotations'],
    default: {},
    schema: entriesSchema([metadata.annotations], false),
    description: 'further annotations of its Service, which load balancers read',
    at: [{ object: '', pointer: '/metadata/annotations', as: 'entries' }],
  }
}

interface Port {
  name: string
  nodePort?: number
}

function portsWithNumbers({ ports }: { ports: Port[] }): Port[] {
  return ports.filter(({ nodePort }) => nodePort !== undefined)
}

/** One value for all ports: a project may publish a range of thousands. */
function numbersOf({ spec }: KubeObject): Parameter {
  const ports: Port[] = spec.ports
  const names = ports.map(({ name }) => name)
  return {
    path: ['nodePorts'],
    default: Object.fromEntries(
      portsWithNumbers(spec).map(({ name, nodePort }) => [name, nodePort]),
    ),
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        names.map((name) => [name, { type: 'integer', minimum: 1, maximum: 65_535 }]),
      ),
    },
    description: `the numbers at the nodes, by port (${shown(names)}); the cluster chooses others`,
    at: ports.map(({ name }, index) => ({
      object: '',
      pointer: `/spec/ports/${index}/nodePort`,
      as: 'optional',
      part: name,
    })),
  }
}

const SHOWN = 5

function shown(names: readonly string[]): string {
  const more = names.length - SHOWN
  return `${names.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const ofBalancers: readonly Parameter[] = [
  {
    path: ['loadBalancerClass'],
    default: '',
    schema: { type: 'string', pattern: '^(?:[A-Za-z0-9][A-Za-z0-9._/-]*)?$' },
    description: 'which load balancer, for the type LoadBalancer; it cannot be changed later',
    at: [{ object: '', pointer: '/spec/loadBalancerClass', as: 'optional' }],
  },
  {
    path: ['loadBalancerSourceRanges'],
    default: [],
    schema: { type: 'array', items: { type: 'string', pattern: CIDR } },
    description: 'from which addresses (10.0.0.0/8) it is reached, for the type LoadBalancer',
    at: [{ object: '', pointer: '/spec/loadBalancerSourceRanges', as: 'optional' }],
  },
]
