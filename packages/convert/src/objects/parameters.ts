import { toPointer } from '@landfall/diagnostic'
import type { KubeObject, Parameter, Place, RoleId } from '@landfall/kube'

/** A place while adaptations write: a key of a value that is somewhere in the objects, whose keys and lists are put in order later. */
export interface WrittenIn extends Pick<Place, 'as' | 'part'> {
  in: object
  key: string
}

/** A parameter where its value is written. */
export interface DeclaredParameter extends Omit<Parameter, 'at'> {
  at: readonly (Place | WrittenIn)[]
}

/** Parameters while adaptations write, by their paths. */
export type DraftParameters = Map<string, DeclaredParameter>

/** Declares a parameter; one that is declared twice is written at the places of both. */
export function declare(parameters: DraftParameters, parameter: DeclaredParameter): void {
  const key = toPointer(parameter.path)
  const known = parameters.get(key)
  const { at, replaces = [] } = known ?? { at: [] }
  const all = [...new Set([...replaces, ...(parameter.replaces ?? [])])]
  parameters.set(key, {
    ...(known ?? parameter),
    at: [...at, ...parameter.at],
    ...(all.length === 0 ? {} : { replaces: all }),
  })
}

/** The parameters with pointers into the objects, in the order in which they were declared. */
export function locateParameters(
  parameters: DraftParameters,
  objects: ReadonlyMap<RoleId, KubeObject>,
): Parameter[] {
  const wanted = new Set(
    [...parameters.values()].flatMap(({ at }) =>
      at.flatMap((one) => ('in' in one ? [one.in] : [])),
    ),
  )
  const places = findAll(wanted, objects)
  return [...parameters.values()].flatMap((parameter) => {
    const at = parameter.at.flatMap((one): Place[] => {
      if (!('in' in one)) return [one]
      const { in: holder, key, ...how } = one
      return (places.get(holder) ?? []).map(({ object, path }) => ({
        object,
        pointer: toPointer([...path, key]),
        ...how,
      }))
    })
    return at.length === 0 ? [] : [{ ...parameter, at }]
  })
}

interface Found {
  object: RoleId
  path: (string | number)[]
}

function findAll(
  wanted: ReadonlySet<object>,
  objects: ReadonlyMap<RoleId, KubeObject>,
): Map<object, Found[]> {
  const found = new Map<object, Found[]>()
  const path: (string | number)[] = []
  const visit = (object: RoleId, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (wanted.has(value))
      found.set(value, [...(found.get(value) ?? []), { object, path: [...path] }])
    for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      path.push(key)
      visit(object, item)
      path.pop()
    }
  }
  if (wanted.size > 0) for (const [role, object] of objects) visit(role, object)
  return found
}
