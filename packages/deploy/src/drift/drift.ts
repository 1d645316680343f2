import { sortByPointer } from '@landfall/diagnostic'
import { type KubeObject, objectId } from '@landfall/kube'
import { lostFields } from './lost-fields.ts'
import { fieldsOfOthers, isAutoscaled, type ManagedField, type Step } from './managed-fields.ts'

/** What somebody has done to an object of a release since it was deployed. */
export interface Drift {
  /** `deployment/web` */
  object: string
  change: 'missing' | 'changed' | 'added'
  /** `spec.template.spec.containers[web].image`; absent for an object that is missing. */
  field?: string
  /** Who has set it, as the cluster records it: `kubectl-edit`. */
  manager?: string
  /** When, in the form of the API server. */
  at?: string
}

/** A field that another one has set and whose value is not the desired one. */
export type Conflict = Drift & { field: string; manager: string }

/** The fields that a deploy would take away from others, who have set another value. */
export function conflictsOf(live: KubeObject, desired: KubeObject): Conflict[] {
  const others = fieldsOfOthers(live)
  if (others.length === 0) return []
  return lostFields(live, desired).flatMap((field) => {
    const owner = ownerOf(field, others)
    return owner === undefined || isAutoscaled({ ...owner, field })
      ? []
      : [{ ...changed(live, field, owner), field, ...by(owner) }]
  })
}

/**
 * What differs between an object and what was deployed. Without `desired`, which an account may not be allowed to read, what was changed can
 * only be told from who has set it.
 */
export function driftOf(live: KubeObject, desired: KubeObject | undefined): Drift[] {
  const others = fieldsOfOthers(live)
  if (desired === undefined) return others.map((other) => changed(live, other.field, other))
  const lost = lostFields(live, desired).map((field) =>
    changed(live, field, ownerOf(field, others)),
  )
  return [...lost, ...additionsTo(live, desired).map((other) => added(live, other))]
}

/** What others have added to an object: fields that are not in the desired one. */
export function additionsTo(live: KubeObject, desired: KubeObject): ManagedField[] {
  return fieldsOfOthers(live).filter(
    ({ field, steps }) =>
      // where no number of pods is desired, it belongs to whoever scales them
      field !== 'spec.replicas' &&
      valueAt(live, steps) !== undefined &&
      valueAt(desired, steps) === undefined,
  )
}

/** JSON Pointers of what others have added, in an order in which they can be removed one after the other. */
export function additionPointers(live: KubeObject, desired: KubeObject): string[] {
  const pointers = additionsTo(live, desired).flatMap(({ steps }) => {
    const found = valueAt(live, steps)
    return found === undefined ? [] : [found.pointer]
  })
  const outer = [...new Set(pointers)].filter(
    (pointer) => !pointers.some((other) => pointer.startsWith(`${other}/`)),
  )
  // the last elements of a list first, so that the places of the others stay
  return sortByPointer(outer, (pointer) => pointer).reverse()
}

/** The value to which steps lead, with the JSON Pointer of its place; undefined where there is none. */
function valueAt(
  object: unknown,
  steps: readonly Step[],
): { value: unknown; pointer: string } | undefined {
  let value = object
  let pointer = ''
  for (const step of steps) {
    const key = keyOf(value, step)
    if (key === undefined) return undefined
    value = (value as Record<string, unknown>)[key]
    pointer += `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
  }
  return { value, pointer }
}

function keyOf(value: unknown, step: Step): string | undefined {
  if ('key' in step)
    return typeof value === 'object' && value !== null && Object.hasOwn(value, step.key)
      ? step.key
      : undefined
  if (!Array.isArray(value)) return undefined
  const index = value.findIndex((item) => isMeant(item, step))
  return index < 0 ? undefined : String(index)
}

function isMeant(item: unknown, step: Exclude<Step, { key: string }>): boolean {
  if ('value' in step) return item === step.value
  return Object.entries(step.element).every(([key, one]) => isSameKey(Object(item), key, one))
}

/** The API server fills in the protocol of a port. */
function isSameKey(item: Record<string, unknown>, key: string, value: unknown): boolean {
  return (
    item?.[key] === value || (key === 'protocol' && item?.[key] === undefined && value === 'TCP')
  )
}

/** A list that is replaced as a whole belongs to the one who has set it, and so does what is in it. */
function ownerOf(field: string, others: readonly ManagedField[]): ManagedField | undefined {
  const isWithin = (inner: string, outer: string) =>
    inner === outer || (inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length)))
  return others.find((other) => isWithin(field, other.field) || isWithin(other.field, field))
}

function changed(live: KubeObject, field: string, owner: ManagedField | undefined): Drift {
  return { object: objectId(live), change: 'changed', field, ...(owner && by(owner)) }
}

function added(live: KubeObject, owner: ManagedField): Drift {
  return { object: objectId(live), change: 'added', field: owner.field, ...by(owner) }
}

function by({ manager, at }: ManagedField): { manager: string; at?: string } {
  return { manager, ...(at !== undefined && { at }) }
}
