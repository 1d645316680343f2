import { fromPointer, toPointer, valueAt } from '@landfall/diagnostic'
import {
  type Bundle,
  canonicalJson,
  type Derived,
  type KubeObject,
  type Parameter,
  type Place,
  type RoleId,
  resolveBundle,
  type Switch,
  type SwitchedKey,
  variantOf,
} from '@landfall/kube'
import { jsonPatch } from '../emit/kustomize/json-patch.ts'

type Named = Pick<Switch, 'path' | 'description'> & { name: string }

/**
 * A bundle with a further switch, by which `base` becomes `other` as far as objects and keys can be added, and objects have another form. `bundle` is
 * `base` with the switches that were added before.
 */
export function addSwitch(
  before: Bundle,
  base: Bundle,
  other: Bundle,
  { name, ...named }: Named,
): Bundle {
  const { ids, keys } = differencesOf(before, base, other, name)
  const bundle = withForms(before, other, ids)
  const objects = new Map(
    [...ids].map(([role, id]) => [id, other.objects.get(role) as KubeObject] as const),
  )
  const moved = <P extends Pick<Place, 'object' | 'pointer'>>(places: readonly P[]): P[] =>
    places.flatMap((place) => {
      const id = ids.get(place.object)
      if (id !== undefined) return [{ ...place, object: id }]
      const isInKey = keys.some(
        ({ object, pointer }) => object === place.object && isBelow(place.pointer, pointer),
      )
      return isInKey ? [place] : []
    })
  const taken = new Set(
    [...bundle.parameters, ...bundle.derived].flatMap(({ at }) => at.map(placeKey)),
  )
  const free = (places: readonly Place[]) =>
    moved(places).filter((place) => !taken.has(placeKey(place)))
  return {
    ...bundle,
    parameters: withParameters(bundle.parameters, other.parameters, { free, name, ids }),
    derived: [
      ...bundle.derived,
      ...other.derived.flatMap((one): Derived[] => {
        const at = free(one.at)
        const inputs = one.inputs.map((input) => ({
          ...input,
          object: ids.get(input.object) ?? input.object,
        }))
        return at.length === 0 ? [] : [{ ...one, inputs, at }]
      }),
    ],
    builds: [
      ...bundle.builds,
      ...other.builds.filter(({ image }) => !bundle.builds.some((one) => one.image === image)),
    ],
    switches: [...bundle.switches, { ...named, objects, keys }],
  }
}

/**
 * A bundle whose switches know the other forms of objects. One that `other` does not have is left out if it changes such an object: it may be wrong
 * there, as an autoscaler is where one copy is right.
 */
function withForms(bundle: Bundle, other: Bundle, ids: ReadonlyMap<RoleId, RoleId>): Bundle {
  const gone = new Set<RoleId>()
  const switches = bundle.switches.flatMap((one): Switch[] => {
    if (!one.keys.some(({ object, ...key }) => ids.has(object) && !('value' in key))) return [one]
    const same = other.switches.find(({ path }) => toPointer(path) === toPointer(one.path))
    if (same !== undefined)
      return [{ ...one, keys: [...one.keys, ...same.keys.flatMap((key) => inForm(key, ids))] }]
    for (const id of one.objects.keys()) gone.add(id)
    return []
  })
  const parameters = bundle.parameters.flatMap((parameter) => {
    const at = parameter.at.filter(({ object }) => !gone.has(object))
    return at.length === 0 ? [] : [{ ...parameter, at }]
  })
  return { ...bundle, switches, parameters }
}

function inForm(key: SwitchedKey, ids: ReadonlyMap<RoleId, RoleId>): SwitchedKey[] {
  const id = ids.get(key.object)
  return id === undefined ? [] : [{ ...key, object: id }]
}

function placeKey({ object, pointer }: Place): string {
  return `${object}#${pointer}`
}

function isBelow(pointer: string, above: string): boolean {
  return pointer === above || pointer.startsWith(`${above}/`)
}

/** What `other` has that `base` does not have: objects under the ids that they get, and keys of objects that both have. */
function differencesOf(
  bundle: Bundle,
  base: Bundle,
  other: Bundle,
  name: string,
): { ids: Map<RoleId, RoleId>; keys: SwitchedKey[] } {
  const ids = new Map<RoleId, RoleId>()
  const keys: SwitchedKey[] = []
  const earlier = bundle.switches.flatMap((one) => one.keys)
  const free = (key: SwitchedKey) =>
    earlier.some(
      ({ object, pointer, value }) =>
        object === key.object &&
        pointer === key.pointer &&
        canonicalJson(value) !== canonicalJson(key.value),
    )
      ? []
      : [key]
  const [was, is] = [resolveBundle(base), resolveBundle(other)]
  for (const [role, object] of other.objects) {
    const before = was.get(role)
    if (before === undefined) {
      const isShared = bundle.switches.every(({ objects }) => {
        const known = objects.get(role)
        return known === undefined || canonicalJson(known) === canonicalJson(object)
      })
      ids.set(role, isShared ? role : variantOf(role, name))
      continue
    }
    const patch = jsonPatch(before, is.get(role))
    const added = patch.map(({ op, path }) =>
      op === 'add' && isOwnKey(before, path)
        ? free({ object: role, pointer: path, value: valueAt(object, path) })
        : [],
    )
    if (added.every(({ length }) => length > 0)) keys.push(...added.flat())
    else ids.set(role, variantOf(role, name))
  }
  return { ids, keys }
}

/** Whether a key is printed where it is added: JavaScript puts numbers first, and a mapping that would be empty without it has another form. */
function isOwnKey(object: KubeObject, pointer: string): boolean {
  const path = fromPointer(pointer)
  const parent = valueAt(object, toPointer(path.slice(0, -1)))
  return !/^\d+$/.test(path.at(-1) as string) && Object.keys(parent as object).length > 0
}

interface Moving {
  free(places: readonly Place[]): Place[]
  name: string
  ids: ReadonlyMap<RoleId, RoleId>
}

/** Those of the bundle with further places, after those that only the other one has: what is set for all objects is written last. */
function withParameters(
  own: readonly Parameter[],
  others: readonly Parameter[],
  { free, name, ids }: Moving,
): Parameter[] {
  const further = new Map<string, Parameter>()
  for (const parameter of others) {
    const at = free(parameter.at)
    const replaces = (parameter.replaces ?? []).flatMap((role) => ids.get(role) ?? [])
    if (at.length === 0) continue
    further.set(toPointer(parameter.path), {
      ...parameter,
      at,
      ...(parameter.replaces !== undefined && { replaces }),
    })
  }
  const known = own.map((parameter) => {
    const more = further.get(toPointer(parameter.path))
    if (more === undefined) return parameter
    further.delete(toPointer(parameter.path))
    const { at, schema, replaces = [] } = more
    return {
      ...parameter,
      schema,
      at: [...parameter.at, ...at],
      ...(parameter.replaces !== undefined && { replaces: [...parameter.replaces, ...replaces] }),
    }
  })
  const only = [...further.values()].map((parameter) => ({
    ...parameter,
    description: `${parameter.description} (with the profile ${name})`,
  }))
  return [...only, ...known]
}
