import { type Bundle, mergeValues, type Parameter } from '@landfall/kube'
import { type ChartOptions, emitChart } from './chart.ts'
import { shownPath } from './expression.ts'

/** For tests: the files of the chart of a bundle. */
export function chartOf(bundle: Bundle, options: Partial<ChartOptions> = {}): Map<string, string> {
  return emitChart(bundle, {
    withSecrets: true,
    locate: () => undefined,
    provenance: {},
    ...options,
  })
}

/** A values file in which one value differs from its default. */
export interface Change {
  name: string
  values: Record<string, unknown>
}

/** For tests: changes of each value of a bundle; where a value only matters with a switch, that is on. */
export function changesIn({ parameters, switches }: Bundle): Change[] {
  const changes = parameters.flatMap((parameter) => {
    const needed = switches.filter(({ objects }) =>
      parameter.at.every(({ object }) => objects.has(object)),
    )
    return changesOf(parameter).map((change) => withOn(change, needed.slice(0, 1)))
  })
  const alone = switches
    .filter(({ follows }) => follows === undefined)
    .map((one) => withOn({ name: one.path.join('.'), values: {} }, [one]))
  return [...changes, ...alone]
}

function withOn({ name, values }: Change, switches: Bundle['switches']): Change {
  const all = switches.reduce<unknown>((known, { path }) => {
    const cpu = { requests: { cpu: '100m' } }
    const needs = path[2] === 'scale' ? nested([...path.slice(0, 2), 'resources'], cpu) : {}
    return mergeValues(mergeValues(known, needs), nested(path, true))
  }, values)
  return { name, values: all as Record<string, unknown> }
}

function changesOf({ path, default: value, schema }: Parameter): Change[] {
  return changed(value, schema)
    .filter((other) => other !== value)
    .map((other) => ({
      name: `${shownPath(path)}: ${JSON.stringify(other)}`,
      values: mergeValues(nested(path, other), typeFor(path)) as Record<string, unknown>,
    }))
}

/** The type of a Service that has such a value. */
function typeFor(path: readonly string[]): unknown {
  const [, , group, key = ''] = path
  if (group !== 'published' || key === 'type' || key === 'annotations') return {}
  const type = key === 'nodePorts' ? 'NodePort' : 'LoadBalancer'
  return nested([...path.slice(0, 3), 'type'], type)
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inside, key) => ({ [key]: inside }), value)
}

type Schema = Record<string, unknown> & { properties?: Record<string, Schema> }

/** Texts that a template, YAML or a shell may take for something else. */
const TEXTS = ['{{ .Values }}', 'a "b"\n\tc: #d\n', '0x10', '*x', '\u007f{{{é😀']

/** Of every type. */
const VARIABLES = {
  'Z.z-1': 1_000_001,
  _A: true,
  _B: { valueFrom: { secretKeyRef: { name: 'mine', key: 'b', optional: true } } },
  'c.': { valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
}

function isVariables({ patternProperties }: Schema): boolean {
  return JSON.stringify(patternProperties)?.includes('valueFrom') === true
}

function changed(value: unknown, schema: Schema): unknown[] {
  const { type, properties, minimum, maximum, pattern } = schema
  const choices = schema.enum as unknown[] | undefined
  if (choices !== undefined) return choices.filter((one) => one !== value)
  if (type === 'array' && JSON.stringify(schema.items).includes('secretName'))
    return [[{ secretName: 'a-tls' }, { secretName: 'b-tls', hosts: ['b.example.com'] }]]
  if (type === 'array')
    return [
      (schema.items as Schema).type === 'string'
        ? ['10.0.0.0/8', '2001:db8::/32']
        : [{ name: 'other' }, { name: 'more' }],
    ]
  if (type === 'object' && isVariables(schema))
    return [
      { ...Object.fromEntries(TEXTS.map((text, index) => [`X_${index}`, text])), ...VARIABLES },
    ]
  if (type === 'object' && properties?.limits !== undefined)
    return [{ limits: { memory: '77Mi', cpu: 2 } }, { requests: { cpu: '0.5', memory: 1e7 } }]
  if (type === 'object' && properties !== undefined)
    return Object.entries(properties).flatMap(([key, child]) =>
      changed((value as Record<string, unknown>)[key] ?? child.minimum, child).map((one) => ({
        [key]: one,
      })),
    )
  if (type === 'object') return [{ 'example.com/a.b': 'c', plain: 'true' }]
  if (type === 'integer') {
    const [least, most] = [minimum as number, maximum as number]
    return [value === most ? least : (value as number) + 1]
  }
  if (type === 'number') return [1.5, 1_000_001]
  if (type === 'boolean') return [value !== true]
  if (pattern === undefined) return Array.isArray(type) ? [...TEXTS, 1_000_001, true] : TEXTS
  return [
    'other',
    '7Gi',
    'registry.example.com:5000/mirror',
    `sha256:${'0'.repeat(64)}`,
    'b3RoZXI=',
  ]
    .filter((one) => one !== value && new RegExp(String(pattern)).test(one))
    .slice(0, 1)
}
