import { canonicalJson, type KubeObject } from '@landfall/kube'
import { APPLIED_ANNOTATION } from '../release/release.ts'

/** One field that differs. */
export interface FieldChange {
  /** `spec.template.spec.containers[web].image` */
  field: string
  /** Missing if the field is new, or its value is not shown. */
  before?: unknown
  /** Missing if the field is gone, or its value is not shown. */
  after?: unknown
  /** Why no value is shown: it is secret, or the content of a file. */
  hidden?: 'secret' | 'content'
}

/** What the API server writes by itself. */
const OF_THE_SERVER = [
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]

/** The keys by which elements of lists are known, in the order in which they are tried. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy */
const ELEMENT_KEYS = ['name', 'mountPath', 'containerPort', 'port', 'key', 'path', 'ip']

/**
 * The fields of two versions of one object that differ, sorted, without what the API server writes by itself. Values of Secrets and contents of
 * ConfigMaps are not in it, and neither is the earlier value of a variable that is removed or that comes from a Secret now.
 */
export function changedFields(before: KubeObject, after: KubeObject): FieldChange[] {
  const found: FieldChange[] = []
  walk('', declared(before), declared(after), after.kind, found)
  return found.sort((a, b) => (a.field < b.field ? -1 : 1))
}

function declared(object: KubeObject): Record<string, unknown> {
  const { status, metadata, ...rest } = object
  const own = Object.entries(metadata).filter(([key]) => !OF_THE_SERVER.includes(key))
  const { [APPLIED_ANNOTATION]: applied, ...annotations } = metadata.annotations ?? {}
  return { ...rest, metadata: { ...Object.fromEntries(own), annotations } }
}

function walk(
  field: string,
  before: unknown,
  after: unknown,
  kind: string,
  found: FieldChange[],
): void {
  if (isSame(before, after)) return
  const hidden = hiddenIn(field, kind)
  if (hidden !== undefined) {
    found.push({ field, hidden })
    return
  }
  const children = childrenOf(before, after)
  if (children === undefined) {
    found.push({ field, ...(isThere(before) && { before }), ...(isThere(after) && { after }) })
    return
  }
  for (const [name, one, other] of children) {
    const child = name.startsWith('[') || field === '' ? `${field}${name}` : `${field}.${name}`
    if (isVariable(child) && !isSame(one, other) && comesFromElsewhere(one, other))
      found.push({ field: child, hidden: 'secret' })
    else walk(child, one, other, kind, found)
  }
}

/** Nothing, and an empty list or mapping, are the same. */
function isSame(before: unknown, after: unknown): boolean {
  return canonicalJson(orNothing(before)) === canonicalJson(orNothing(after))
}

function orNothing(value: unknown): unknown {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  return !isThere(value) || isEmpty ? null : value
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

function hiddenIn(field: string, kind: string): FieldChange['hidden'] {
  if (!/^(data|stringData|binaryData)\./.test(field)) return undefined
  if (kind === 'Secret') return 'secret'
  return kind === 'ConfigMap' ? 'content' : undefined
}

function isVariable(field: string): boolean {
  return /\.env\[[^\]]*\]$/.test(field)
}

/** A variable that moves between its own value and a Secret, or is removed: its value may have been found to be secret. */
function comesFromElsewhere(before: unknown, after: unknown): boolean {
  const isPlain = (value: unknown) =>
    typeof value === 'object' && value !== null && !('valueFrom' in value)
  return isPlain(before) && !isPlain(after)
}

type Child = [name: string, before: unknown, after: unknown]

/** What two values consist of, side by side; undefined for values that are compared as a whole. */
function childrenOf(before: unknown, after: unknown): Child[] | undefined {
  const [one, other] = [before ?? emptyOf(after), after ?? emptyOf(before)]
  if (Array.isArray(one) && Array.isArray(other)) {
    const [left, right] = elementsOf([one, other]) ?? []
    return left && right ? sideBySide(left, right) : undefined
  }
  if (!isMapping(one) || !isMapping(other)) return undefined
  return sideBySide(new Map(Object.entries(one)), new Map(Object.entries(other)))
}

function emptyOf(value: unknown): unknown {
  return Array.isArray(value) ? [] : {}
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sideBySide(before: Map<string, unknown>, after: Map<string, unknown>): Child[] {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names.map((name) => [name, before.get(name), after.get(name)])
}

/** Elements of lists by their keys, or by their places where the lists are equally long; undefined for lists of other values. */
function elementsOf(lists: readonly unknown[][]): Map<string, unknown>[] | undefined {
  if (!lists.flat().every(isMapping)) return undefined
  for (const key of ELEMENT_KEYS) {
    const maps = lists.map(
      (list) => new Map(list.map((item) => [`[${String((item as never)[key])}]`, item])),
    )
    const isKey = lists.flat().every((item) => isThere((item as never)[key]))
    if (isKey && maps.every((map, index) => map.size === lists[index]?.length)) return maps
  }
  return lists.map((list) => new Map(list.map((item, index) => [`[${index}]`, item])))
}
