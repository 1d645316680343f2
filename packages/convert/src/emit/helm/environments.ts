import { toPointer, valueAt } from '@landfall/diagnostic'
import { type Bundle, defaultValues, isSameJson, type RoleId, resolveBundle } from '@landfall/kube'
import { toYaml } from '../yaml.ts'

/** What a project is in an environment, as values over those of the chart. */
export interface EnvironmentValues {
  values: Record<string, unknown>
  /** Objects that are different in a way that no value sets. */
  beyond: RoleId[]
}

/** The values that make the bundle of a project into that of one of its environments, as far as values can. */
export function environmentValues(base: Bundle, other: Bundle): EnvironmentValues {
  const wanted = defaultValues(other.parameters)
  const differing = base.parameters.flatMap((parameter) => {
    const value = valueAt(wanted, toPointer(parameter.path))
    const change = value === undefined ? undefined : changeOf(parameter.default, value)
    return change === undefined ? [] : [{ ...parameter, default: change }]
  })
  const plain = differing.filter(({ secret }) => secret !== true)
  const set = resolveBundle(base, differing.length === 0 ? undefined : defaultValues(differing))
  const resolved = resolveBundle(other)
  const roles = [...new Set([...set.keys(), ...resolved.keys()])].sort()
  return {
    values: defaultValues(plain),
    beyond: roles.filter((role) => !isSameJson(set.get(role), resolved.get(role))),
  }
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
