import { fromPointer, setValueAt, toPointer, valueAt } from '@landfall/diagnostic'
import {
  type Bundle,
  cloneJson,
  inOrderOfWriting,
  isEmpty,
  isRegistry,
  type KubeObject,
  type RoleId,
  type SwitchedKey,
} from '@landfall/kube'
import {
  anyOf,
  goText,
  imageExpression,
  isOn,
  optionalValue,
  partText,
  placedText,
  placedValue,
} from './expression.ts'

/** Something that a template prints instead of a value of an object. */
export type Mark =
  /** A part of a text: the name or the hash with this number. */
  | { kind: 'inline'; text: string }
  /** A whole value, quotes included; where it is the name of an image, also what a template computes for that. */
  | { kind: 'whole'; text: string; image?: string }
  /** A key that is absent where the value is empty. */
  | { kind: 'optional'; value: string }
  /** Further entries of a mapping: texts, or anything as JSON. */
  | { kind: 'entries'; value: string; as: 'text' | 'json' }
  /** Environment variables: further ones of a list, or the key with its list. */
  | { kind: 'variables'; value: string; template: string }
  /** A line of the template, around a key. */
  | { kind: 'line'; text: string }
  /** A named template with the content of a mapping. */
  | { kind: 'include'; template: string }

/** An object in which texts stand for marks: `OPEN` + number + `CLOSE`. */
export interface Marked {
  object: KubeObject
  marks: Mark[]
}

/** Characters of no language, with a word: texts of a project do not hold them, and {@link marking} looks whether one does. */
const OPEN = '\ue000landfall:'
const CLOSE = '\ue001'

/** The text that stands for a mark. */
function tokenOf(number: number): string {
  return `${OPEN}${number}${CLOSE}`
}

/** What {@link tokenOf} gives, for a regular expression; its group is the number. */
export const TOKEN = `${OPEN}(\\d+)${CLOSE}`

const WHOLE_TOKEN = new RegExp(`^${TOKEN}$`)

/** The mark for which a whole text stands. */
function markOf(text: string, marks: readonly Mark[]): Mark | undefined {
  const number = text.startsWith(OPEN) ? WHOLE_TOKEN.exec(text)?.[1] : undefined
  return number === undefined ? undefined : marks[Number(number)]
}

/** Marks objects of a bundle: their parameters, and values that are derived. */
export interface Marking {
  /** A marked copy of an object. `before`: values that are derived from this one on are as they are before they are computed. */
  mark(role: RoleId, object: KubeObject, before?: number): Marked
  /** The numbers of what is derived and written below a pointer of an object. */
  derivedBelow(role: RoleId, pointer: string): number[]
}

type Write = (marked: Marked, before: number) => void

/**
 * How the objects of a bundle are marked. `chart` is the prefix of named templates, `names` those of derived values. Throws an Error where the
 * project holds what stands for marks.
 */
export function marking(chart: string, bundle: Bundle, names: readonly string[]): Marking {
  const switched = keysOf(bundle.switches)
  const writes = new Map<RoleId, Write[]>()
  const below = new Map<RoleId, { pointer: string; number: number }[]>()
  const add = (role: RoleId, write: Write) => writes.set(role, [...(writes.get(role) ?? []), write])
  for (const { parameter, place } of inOrderOfWriting(bundle.parameters))
    add(place.object, (marked) => markParameter(chart, marked, parameter, place))
  for (const [number, { at }] of bundle.derived.entries())
    for (const { object: role, pointer, format = '{}' } of at) {
      below.set(role, [...(below.get(role) ?? []), { pointer, number }])
      add(role, (marked, before) => {
        if (number >= before) return
        const token = put(marked, { kind: 'inline', text: `{{ include "${names[number]}" . }}` })
        setValueAt(marked.object, pointer, format.replaceAll('{}', token))
      })
    }
  return {
    mark(role, object, before = Number.POSITIVE_INFINITY) {
      const marked: Marked = { object: cloneJson(object), marks: [] }
      const keys = switched.get(role) ?? []
      for (const { pointer, value } of keys)
        if (value !== undefined) setValueAt(marked.object, pointer, cloneJson(value))
      for (const write of writes.get(role) ?? []) write(marked, before)
      for (const key of keys) surround(marked, key)
      return marked
    },
    derivedBelow: (role, pointer) =>
      (below.get(role) ?? [])
        .filter((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`))
        .map(({ number }) => number),
  }
}

/** A key that is not always there, and when it is. */
interface ConditionalKey {
  pointer: string
  value?: unknown
  condition: string
}

/** The keys that are there with switches, each once, by object. */
function keysOf(switches: Bundle['switches']): Map<RoleId, ConditionalKey[]> {
  const found = new Map<string, { key: SwitchedKey; values: string[] }>()
  for (const { keys, ...one } of switches)
    for (const key of keys) {
      const place = `${key.object}#${key.pointer}`
      const known = found.get(place)?.values ?? []
      const unless = key.unless === undefined ? undefined : optionalValue(key.unless)
      const value = unless === undefined ? isOn(one) : `(and ${isOn(one)} (not ${unless}))`
      found.set(place, { key, values: [...known, value] })
    }
  const byObject = new Map<RoleId, ConditionalKey[]>()
  for (const { key, values } of found.values()) {
    const condition = 'value' in key ? anyOf(values) : `not ${anyOf(values)}`
    const conditional = { ...key, condition }
    byObject.set(key.object, [...(byObject.get(key.object) ?? []), conditional])
  }
  return byObject
}

/** Puts lines of the template around a key; where it may have further entries, around what it has with the switch. */
function surround(marked: Marked, { pointer, value, condition }: ConditionalKey): void {
  const further =
    value === undefined ? undefined : entriesIn(marked, valueAt(marked.object, pointer))
  if (further !== undefined)
    for (const key of Object.keys(value as object))
      surroundKey(marked, toPointer([...fromPointer(pointer), key]), condition)
  surroundKey(marked, pointer, further ? `or ${condition} ${further.value}` : condition)
}

function surroundKey(marked: Marked, pointer: string, condition: string): void {
  const line = `{{- if ${condition} }}`
  const path = fromPointer(pointer)
  const above = toPointer(path.slice(0, -1))
  const parent = valueAt(marked.object, above) as Record<string, unknown>
  const around = Object.entries(parent).flatMap(([key, value]) =>
    key === path.at(-1)
      ? [
          [put(marked, { kind: 'line', text: line }), 'x'],
          [key, value],
          [put(marked, { kind: 'line', text: '{{- end }}' }), 'x'],
        ]
      : [[key, value]],
  )
  setValueAt(marked.object, above, Object.fromEntries(around))
}

/** Adds a mark; returns what stands for it. */
export function put(marked: Marked, mark: Mark): string {
  marked.marks.push(mark)
  return tokenOf(marked.marks.length - 1)
}

type Parameters = Bundle['parameters']

function markParameter(
  chart: string,
  marked: Marked,
  parameter: Parameters[number],
  place: Parameters[number]['at'][number],
): void {
  const { object } = marked
  const { pointer, as } = place
  const base = valueAt(object, pointer)
  const earlier = as === 'entries' ? entriesIn(marked, base) : undefined
  if (earlier !== undefined) {
    earlier.value = `(merge (dict) ${earlier.value} ${placedValue(parameter, place)})`
  } else if (as === 'optional' || (as === 'entries' && isEmpty(base))) {
    const value = placedValue(parameter, place)
    setValueAt(object, pointer, put(marked, { kind: 'optional', value }))
  } else if (as === 'entries') {
    const value = placedValue(parameter, place)
    const token = put(marked, {
      kind: 'entries',
      value,
      as: holdsTexts(parameter) ? 'text' : 'json',
    })
    setValueAt(object, toPointer([...fromPointer(pointer), token]), 'x')
  } else if (place.range !== undefined) {
    const [start, end] = place.range
    const text = String(base)
    const token = put(marked, { kind: 'inline', text: partText(chart, parameter, place) })
    setValueAt(object, pointer, `${text.slice(0, start)}${token}${text.slice(end)}`)
  } else if (as === 'variables') {
    const value = placedValue(parameter, place)
    const token = put(marked, { kind: 'variables', value, template: `${chart}.variables` })
    setValueAt(object, pointer, Array.isArray(base) ? [...base, token] : token)
  } else if (as === 'image' || isRegistry(as)) {
    const expression = imageExpression(chart, parameter, place, imageBefore(marked, base))
    const mark: Mark = { kind: 'whole', text: `{{ ${expression} | quote }}`, image: expression }
    setValueAt(object, pointer, put(marked, mark))
  } else {
    const text = placedText(chart, parameter, place, base)
    setValueAt(object, pointer, put(marked, { kind: 'whole', text }))
  }
}

/** Whether a mapping has nothing but texts, as labels and annotations do. */
function holdsTexts({ schema }: Parameters[number]): boolean {
  const { additionalProperties } = schema as { additionalProperties?: { type?: unknown } }
  return additionalProperties?.type === 'string'
}

/** The entries that an earlier parameter adds to a mapping: a key that both have is that of the earlier one. */
function entriesIn({ marks }: Marked, base: unknown): { value: string } | undefined {
  const texts = typeof base === 'string' ? [base] : Object.keys(base ?? {})
  return texts
    .map((text) => markOf(text, marks))
    .find((mark) => mark?.kind === 'entries' || mark?.kind === 'optional')
}

/** What a template computes for the image that is there before: a text of the project, or what an earlier parameter has written. */
function imageBefore({ marks }: Marked, base: unknown): string {
  const mark = markOf(String(base), marks)
  return mark?.kind === 'whole' && mark.image !== undefined
    ? `(${mark.image})`
    : goText(String(base))
}

/** Whether a text of the project holds what stands for marks. */
export function holdsMarks(bundle: Bundle): boolean {
  const further = bundle.switches.map(({ objects, keys }) => [[...objects], keys])
  return JSON.stringify([[...bundle.objects], further]).includes(OPEN)
}
