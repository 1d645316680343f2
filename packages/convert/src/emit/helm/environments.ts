import { toPointer, valueAt } from '@landfall/diagnostic'
import {
  type Bundle,
  defaultValues,
  isSameJson,
  type KubeObject,
  type Parameter,
  type RoleId,
  resolveBundle,
} from '@landfall/kube'
import { toYaml } from '../yaml.ts'

/** What a project is in an environment, as values over those of the chart. */
export interface EnvironmentValues {
  values: Record<string, unknown>
  /** Objects that are different in a way that no value sets. */
  beyond: RoleId[]
}

/** The values that make the bundle of a project into that of one of its environments, as far as values can. */
export function environmentValues(base: Bundle, other: Bundle): EnvironmentValues {
  const resolved = resolveBundle(other)
  const wanted = defaultValues(other.parameters)
  const optional = new Set(base.switches.flatMap(({ objects }) => [...objects.keys()]))
  const differing = base.parameters.flatMap((parameter) => {
    if (parameter.at.every(({ object }) => optional.has(object))) return []
    const value = valueAt(wanted, toPointer(parameter.path))
    const change = value === undefined ? undefined : changeOf(parameter.default, value)
    return change === undefined ? [] : [{ ...parameter, default: change }]
  })
  const on = base.switches.flatMap((one) => turnedOn(base, one, resolved))
  const changed = [...differing, ...on]
  const set = resolveBundle(base, changed.length === 0 ? undefined : defaultValues(changed))
  const roles = [...new Set([...set.keys(), ...resolved.keys()])].sort()
  return {
    values: defaultValues([...on, ...differing].filter(({ secret }) => secret !== true)),
    beyond: roles.filter((role) => !isSameJson(set.get(role), resolved.get(role))),
  }
}

/** The values that turn a switch on whose objects an environment has, if they can be as they are there; otherwise none. */
function turnedOn(
  base: Bundle,
  one: Bundle['switches'][number],
  resolved: ReadonlyMap<RoleId, KubeObject>,
): Parameter[] {
  if (one.follows !== undefined) return []
  const isThere = [...one.objects.keys()].every((id) => resolved.has(id) && !base.objects.has(id))
  if (!isThere || one.objects.size === 0) return []
  const isOn: Parameter = { ...one, default: true, schema: {}, at: [] }
  const values = base.parameters.flatMap((parameter): Parameter[] => {
    const [place] = parameter.at
    if (place === undefined || !one.objects.has(place.object)) return []
    const value = valueAt(resolved.get(place.object), place.pointer)
    const isPlain = place.as === undefined || place.as === 'optional'
    return !isPlain || value === undefined || isSameJson(value, parameter.default)
      ? []
      : [{ ...parameter, default: value }]
  })
  const all = [isOn, ...values]
  const set = resolveBundle(base, defaultValues(all))
  const isSame = [...one.objects.keys()].every((id) => isSameJson(set.get(id), resolved.get(id)))
  return isSame ? all : []
}

/** What Helm merges over one value to get another: of mappings only what differs, null for a key that is absent. Undefined if they are equal. */
function changeOf(before: unknown, after: unknown): unknown {
  if (isSameJson(before, after)) return undefined
  if (!isMapping(before) || !isMapping(after)) return after
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(
    keys.flatMap((key) => {
      const change = Object.hasOwn(after, key) ? changeOf(before[key], after[key]) : null
      return change === undefined ? [] : [[key, change]]
    }),
  )
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `values-prod.yaml` */
export function environmentFile(name: string): string {
  return `values-${name}.yaml`
}

/** The values file of an environment. */
export function environmentText(name: string, { values, beyond }: EnvironmentValues): string {
  const lines = [
    `The environment ${name} of landfall.yaml: helm install NAME CHART --values ${environmentFile(name)}`,
    ...beyond.map(
      (role) => `Not as in the environment: ${role} has differences that no value sets.`,
    ),
  ]
  return toYaml(values, new Map([['', lines]]))
}
