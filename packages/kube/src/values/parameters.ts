import { Buffer } from 'node:buffer'
import { setValueAt, toPointer, valueAt } from '@landfall/diagnostic'
import { cloneJson } from '../json.ts'
import type { KubeObject, RoleId } from '../object.ts'
import { type ImageParts, imageIn, imageName } from './image-names.ts'
import { isEmpty } from './is-empty.ts'
import { removeAt, type Switched } from './switches.ts'

/** A value that can be set when the bundle is installed: Helm prints it as `{{ .Values… }}`. */
export interface Parameter {
  /** Keys of the values file: `['services', 'consul', 'image']`. No parameter lies in the value of another. */
  path: readonly string[]
  default: unknown
  /** JSON Schema of the value. */
  schema: Record<string, unknown>
  /** JSON Schema of the mapping that holds it, in addition to that of its keys: what goes together. */
  group?: Record<string, unknown>
  /** What it is, in a few words. */
  description: string
  /** JSON Pointer of the canonical project to where the default is from. */
  origin?: string
  at: Place[]
  /** The default is secret: it is in no output unless that is requested. */
  secret?: true
  /** Objects that are left out where the value is not empty, because it names one that exists. */
  replaces?: RoleId[]
}

/** Where a parameter or a derived value is written; `format` holds `{}` where the value is part of a longer text. */
export interface Place {
  object: RoleId
  pointer: string
  format?: string
  /** Of a parameter: how its value is written; as it is if omitted. */
  as?: Writing
  /** Of a parameter: the part of a text that it replaces, in UTF-16 units of the text without it. */
  range?: readonly [number, number]
  /** Of a parameter whose value is a mapping: the key that is written here. */
  part?: string
}

/**
 * - `text` a number or a truth value as a text;
 * - `json` as JSON;
 * - `base64` the text in base64;
 * - `image` the name of an image from its `repository`, `tag` and `digest`;
 * - `registry` the registry of the image that is there, see {@link imageIn}; `registry-of-built` that of one which the project builds;
 * - `optional` the key is absent where the value is empty;
 * - `entries` the entries of the value, beside those that the mapping has;
 * - `variables` the entries of the value as environment variables, after those that the list has;
 * - `instead` nothing where the value is empty: what is there stays.
 */
export type Writing =
  | 'text'
  | 'json'
  | 'base64'
  | 'image'
  | 'registry'
  | 'registry-of-built'
  | 'optional'
  | 'entries'
  | 'variables'
  | 'instead'

/** The defaults of parameters, as the content of a values file. */
export function defaultValues(parameters: readonly Parameter[]): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { path, default: value } of parameters) {
    path.slice(0, -1).reduce<Record<string, unknown>>((inside, key) => {
      if (!Object.hasOwn(inside, key)) setValueAt(inside, toPointer([key]), {})
      return inside[key] as Record<string, unknown>
    }, values)
    setValueAt(values, toPointer(path), value)
  }
  return values
}

/** Values over defaults as Helm merges them: mappings by key, anything else as a whole; null removes a key. */
export function mergeValues(defaults: unknown, values: unknown): unknown {
  if (!isMapping(defaults) || !isMapping(values)) return values === undefined ? defaults : values
  const merged = new Map(Object.entries(defaults))
  for (const [key, value] of Object.entries(values))
    if (value === null) merged.delete(key)
    else merged.set(key, mergeValues(merged.get(key), value))
  return Object.fromEntries(merged)
}

/**
 * The objects of a bundle with its parameters set: `values` is the content of a values file, whose other keys do not matter. Objects in which
 * nothing is set are those of the bundle.
 */
export function setParameters(
  { objects, isAbsent }: Switched,
  parameters: readonly Parameter[],
  values: Readonly<Record<string, unknown>>,
): Map<RoleId, KubeObject> {
  const given = mergeValues(defaultValues(parameters), values)
  const result = new Map(objects)
  const written = new Set(parameters.flatMap(({ at }) => at.map(({ object }) => object)))
  for (const role of written) {
    const object = result.get(role)
    if (object !== undefined) result.set(role, cloneJson(object))
  }
  for (const { parameter, place } of inOrderOfWriting(parameters))
    if (!isAbsent(place)) write(result, place, valueAt(given, toPointer(parameter.path)))
  for (const { path, replaces = [] } of parameters)
    if (!isEmpty(valueAt(given, toPointer(path)))) for (const role of replaces) result.delete(role)
  return result
}

/** The places of parameters in the order in which they are written: parts of texts from the last to the first, so that each is where it was. */
export function inOrderOfWriting(
  parameters: readonly Parameter[],
): { parameter: Parameter; place: Place }[] {
  const all = parameters.flatMap((parameter) => parameter.at.map((place) => ({ parameter, place })))
  const start = ({ place }: { place: Place }) => place.range?.[0] ?? 0
  const parts = all.filter(({ place }) => place.range !== undefined)
  return [
    ...all.filter(({ place }) => place.range === undefined),
    ...parts.sort((a, b) => start(b) - start(a)),
  ]
}

function write(objects: ReadonlyMap<RoleId, KubeObject>, place: Place, all: unknown): void {
  const { object: role, pointer, as, part, format } = place
  const object = objects.get(role)
  if (object === undefined) throw new Error(`no object ${role} in the bundle`)
  const value = part === undefined ? all : valueAt(all, toPointer([part]))
  if (as === 'instead' && isEmpty(value)) return
  if (as === 'optional' && isEmpty(value)) {
    removeAt(object, pointer)
    return
  }
  if (as === 'entries') {
    if (isEmpty(value)) return
    setValueAt(object, pointer, { ...(value as object), ...(valueAt(object, pointer) as object) })
    return
  }
  if (as === 'variables') {
    if (isEmpty(value)) return
    const known = (valueAt(object, pointer) ?? []) as unknown[]
    setValueAt(object, pointer, [...known, ...variablesOf(value as object)])
    return
  }
  if (place.range !== undefined) {
    const [start, end] = place.range
    const text = valueAt(object, pointer) as string
    setValueAt(object, pointer, `${text.slice(0, start)}${writtenAs(as, value)}${text.slice(end)}`)
    return
  }
  const written = isRegistry(as)
    ? imageIn(textOf(value ?? ''), valueAt(object, pointer) as string, as)
    : writtenAs(as, value)
  setValueAt(
    object,
    pointer,
    format === undefined ? written : format.replaceAll('{}', () => String(written)),
  )
}

function writtenAs(as: Writing | undefined, value: unknown): unknown {
  if (as === 'text') return textOf(value)
  if (as === 'json') return JSON.stringify(value)
  if (as === 'base64') return Buffer.from(textOf(value)).toString('base64')
  return as === 'image' ? imageName(value as ImageParts) : value
}

/** Each is a text, or a mapping with `valueFrom`. */
function variablesOf(value: object): unknown[] {
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => (isMapping(one) ? { name, ...one } : { name, value: textOf(one) }))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether the value is the registry of the image that is there. */
export function isRegistry(as: Writing | undefined): as is 'registry' | 'registry-of-built' {
  return as === 'registry' || as === 'registry-of-built'
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
