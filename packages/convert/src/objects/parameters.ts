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

/** Parameters while adaptations write, by their paths; further places are added to them. */
export type DraftParameters = Map<
  string,
  DeclaredParameter & { readonly at: (Place | WrittenIn)[] }
>

/** Declares a parameter; one that is declared twice is written at the places of both. */
export function declare(parameters: DraftParameters, parameter: DeclaredParameter): void {
  const key = toPointer(parameter.path)
  const known = parameters.get(key)
  if (known === undefined) parameters.set(key, { ...parameter, at: [...parameter.at] })
  else {
    known.at.push(...parameter.at)
    const all = [...new Set([...(known.replaces ?? []), ...(parameter.replaces ?? [])])]
    if (all.length > 0) known.replaces = all
  }
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
  path: string[]
}

function findAll(
  wanted: ReadonlySet<object>,
  objects: ReadonlyMap<RoleId, KubeObject>,
): Map<object, Found[]> {
  const found = new Map<object, Found[]>()
  const path: string[] = []
  const visit = (object: RoleId, value: object): void => {
    if (wanted.has(value))
      found.set(value, [...(found.get(value) ?? []), { object, path: [...path] }])
    for (const key of Object.keys(value)) {
      const item = (value as Readonly<Record<string, unknown>>)[key]
      if (typeof item !== 'object' || item === null) continue
      path.push(key)
      visit(object, item)
      path.pop()
    }
  }
  if (wanted.size > 0) for (const [role, object] of objects) visit(role, object)
  return found
}
