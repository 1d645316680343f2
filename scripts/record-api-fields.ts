// `npm run api:record -- KUBECONFIG`: writes the fields of the kinds that conversion makes, as an API server tells them.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const KINDS: Readonly<Record<string, readonly string[]>> = {
  'api/v1': [
    'ConfigMap',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'Pod',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'apis/apps/v1': ['DaemonSet', 'Deployment', 'StatefulSet'],
  'apis/autoscaling/v2': ['HorizontalPodAutoscaler'],
  'apis/batch/v1': ['CronJob', 'Job'],
  'apis/discovery.k8s.io/v1': ['EndpointSlice'],
  'apis/networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'apis/policy/v1': ['PodDisruptionBudget'],
  'apis/rbac.authorization.k8s.io/v1': ['Role', 'RoleBinding'],
}

interface Schema {
  $ref?: string
  allOf?: Schema[]
  oneOf?: Schema[]
  type?: string
  items?: Schema
  additionalProperties?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  enum?: string[]
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

const [kubeconfig = ''] = process.argv.slice(2)
const kinds: Record<string, string> = {}
const ofKinds = new Set<string>()
const types: Record<string, Record<string, string>> = {}
const open: [string, Schema][] = []
const schemas = new Map<string, Schema>()

for (const [path, wanted] of Object.entries(KINDS)) {
  const told = execFileSync(
    process.env.KUBECTL ?? 'kubectl',
    ['--kubeconfig', kubeconfig, 'get', '--raw', `/openapi/v3/${path}`],
    { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 },
  )
  const { components } = JSON.parse(told) as { components: { schemas: Record<string, Schema> } }
  for (const [name, schema] of Object.entries(components.schemas)) {
    schemas.set(name, schema)
    const is = schema['x-kubernetes-group-version-kind']?.find(({ kind }) => wanted.includes(kind))
    if (is === undefined || schema['x-kubernetes-group-version-kind']?.length !== 1) continue
    kinds[`${is.group === '' ? '' : `${is.group}/`}${is.version} ${is.kind}`] = shortName(name)
    ofKinds.add(shortName(name))
    open.push([name, schema])
  }
}

for (let next = open.pop(); next !== undefined; next = open.pop()) {
  const [name, { properties = {}, required = [] }] = next
  const type = shortName(name)
  if (types[type] !== undefined) continue
  types[type] = {}
  // only the server writes the status of an object
  for (const [field, schema] of Object.entries(properties))
    if (field !== 'status' || !ofKinds.has(type))
      types[type][required.includes(field) ? `${field}!` : field] = typeOf(schema)
}

writeFileSync(
  new URL('../packages/convert/src/self-check/api-fields.json', import.meta.url),
  `${JSON.stringify({ kinds: sorted(kinds), types: sorted(types) }, null, 1)}\n`,
)

/** `io.k8s.api.core.v1.Container` is `Container`. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** `string`, `[]Container`, `{}string`, `string|integer`, `any`. */
function typeOf(schema: Schema): string {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref
  if (reference !== undefined) {
    const name = reference.slice(reference.lastIndexOf('/') + 1)
    const target = schemas.get(name)
    if (target?.properties === undefined) return target === undefined ? 'any' : typeOf(target)
    open.push([name, target])
    return shortName(name)
  }
  if (schema.oneOf !== undefined) return 'string|integer|number'
  if (schema.type === 'array') return `[]${typeOf(schema.items ?? {})}`
  if (schema.type === 'object')
    return schema.additionalProperties === undefined
      ? 'any'
      : `{}${typeOf(schema.additionalProperties)}`
  return schema.enum?.join('|') === undefined ? (schema.type ?? 'any') : `=${schema.enum.join('|')}`
}

function sorted<T>(map: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
}
