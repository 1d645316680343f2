import { fromPointer, setValueAt, toPointer, valueAt } from '@landfall/diagnostic'
import { cloneJson } from '../json.ts'
import type { KubeObject, RoleId } from '../object.ts'
import { isEmpty } from './is-empty.ts'

/** A value that is true or false, and false by default: Helm prints what belongs to it where it is true. */
export interface Switch {
  /** Keys of the values file: `['profiles', 'debug']`. */
  path: readonly string[]
  /** What it is, in a few words. */
  description: string
  /** JSON Pointer of the canonical project to what it is about. */
  origin?: string
  /** JSON Schema of the mapping that holds it, in addition to that of its keys. */
  group?: Record<string, unknown>
  /** It is no value of its own: it is on where one of these values is true, or more than `above`. */
  follows?: readonly Followed[]
  /** Objects that are there only where it is on. One with an id of {@link variantOf} takes the place of the one with its role. */
  objects: ReadonlyMap<RoleId, KubeObject>
  /** Keys of mappings in objects. */
  keys: readonly SwitchedKey[]
}

export interface Followed {
  path: readonly string[]
  above?: number
}

/** A key that is there only where the switch is on, with this value; without a value, only where it is off. */
export interface SwitchedKey {
  object: RoleId
  pointer: string
  value?: unknown
  /** Keys of the values file: a value that is not empty takes the place of this one. */
  unless?: readonly string[]
}

/** The id of another form of an object, which has the same role. */
export function variantOf(role: RoleId, name: string): RoleId {
  return `${role}@${name}`
}

/** The role of an object: `deployment/web` of `deployment/web@debug`. */
export function roleOf(id: RoleId): RoleId {
  return id.replace(/@.*$/, '')
}

/** The objects and keys of a bundle that are there. */
export interface Switched {
  /** By their ids; objects that another form replaces are among them, because hashes may read them. */
  objects: Map<RoleId, KubeObject>
  /** Whether a place is in none of them. Further entries of a mapping make it. */
  isAbsent(place: { object: RoleId; pointer: string; as?: string }): boolean
}

/** Sets the switches of a bundle; `values` is the content of a values file. */
export function setSwitches(
  objects: ReadonlyMap<RoleId, KubeObject>,
  switches: readonly Switch[],
  values: unknown,
): Switched {
  const all = new Map(objects)
  if (switches.length === 0) return { objects: all, isAbsent: () => false }
  const isOn = ({ path, follows = [{ path }] }: Switch) =>
    follows.some(({ path: followed, above }) => {
      const value = valueAt(values, toPointer(followed))
      return above === undefined ? value === true : typeof value === 'number' && value > above
    })
  const optional = new Set(switches.flatMap((one) => [...one.objects.keys()]))
  const known = new Map<string, { key: SwitchedKey; isThere: boolean }>()
  for (const one of switches) {
    if (isOn(one)) for (const [id, object] of one.objects) all.set(id, object)
    for (const key of one.keys) {
      const place = `${key.object}#${key.pointer}`
      const isReplaced =
        key.unless !== undefined && !isEmpty(valueAt(values, toPointer(key.unless)))
      const isThere = (isOn(one) && !isReplaced) === 'value' in key
      if (isThere || !known.has(place)) known.set(place, { key, isThere })
    }
  }
  const absent: SwitchedKey[] = []
  for (const { key, isThere } of known.values()) {
    if (!isThere) absent.push(key)
    const object = all.get(key.object)
    if (object === undefined || isThere !== 'value' in key) continue
    const copy = cloneJson(object)
    all.set(key.object, copy)
    if (isThere) setValueAt(copy, key.pointer, cloneJson(key.value))
    else removeAt(copy, key.pointer)
  }
  return {
    objects: all,
    isAbsent: ({ object, pointer, as }) =>
      (optional.has(object) && !all.has(object)) ||
      absent.some(
        (key) =>
          key.object === object &&
          ((pointer === key.pointer && as !== 'entries') || pointer.startsWith(`${key.pointer}/`)),
      ),
  }
}

/** The objects by their roles, each in the form that takes the place of the others. */
export function byRole(objects: ReadonlyMap<RoleId, KubeObject>): Map<RoleId, KubeObject> {
  const roles = new Map<RoleId, KubeObject>()
  for (const [id, object] of objects)
    if (roleOf(id) !== id || !roles.has(id)) roles.set(roleOf(id), object)
  return new Map([...roles].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Removes a key of a mapping, in place. */
export function removeAt(object: KubeObject, pointer: string): void {
  const path = fromPointer(pointer)
  const last = path.pop() as string
  const parent = valueAt(object, toPointer(path))
  if (typeof parent === 'object' && parent !== null && !Array.isArray(parent))
    delete (parent as Record<string, unknown>)[last]
}
