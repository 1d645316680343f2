import { AnswerError } from '../status-error.ts'

/** What a value has to be: a text, a number, a flag, a mapping of texts, an object of any content, a list, or an object with known fields. */
export type Shape =
  | 'text'
  | 'number'
  | 'flag'
  | 'texts'
  | 'object'
  | readonly [Shape]
  | { readonly [field: string]: Shape | Required }

/** A field that must be there. */
export interface Required {
  readonly required: Shape
}

/** Marks a field that must be there. */
export function required(shape: Shape): Required {
  return { required: shape }
}

/**
 * Requires a value that was parsed from an answer to have a shape; fields that the shape does not name may hold anything. A field with null is
 * removed: Go writes it for a field without a value. Throws an AnswerError that names the place.
 */
export function requireShape(value: unknown, shape: Shape, place: string): void {
  if (typeof shape === 'string') {
    if (shape === 'texts') requireTexts(value, place)
    else if (shape === 'object') requireObject(value, place)
    else if (typeof value !== TYPES[shape]) throw wrong(place, WORDS[shape])
  } else if (isList(shape)) {
    if (!Array.isArray(value)) throw wrong(place, 'a list')
    for (const [at, item] of value.entries()) requireShape(item, shape[0], `${place}[${at}]`)
  } else requireFields(requireObject(value, place), shape, place)
}

type Fields = Record<string, unknown>

function requireFields(
  fields: Fields,
  shape: { readonly [field: string]: Shape | Required },
  place: string,
): void {
  for (const [name, rule] of Object.entries(shape)) {
    if (fields[name] === null) delete fields[name]
    const needed = isRequired(rule)
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    const at = place === '' ? name : `${place}.${name}`
    if (value !== undefined) requireShape(value, needed ? rule.required : rule, at)
    else if (needed) throw new AnswerError(`an object without ${at}`)
  }
}

const TYPES = { text: 'string', number: 'number', flag: 'boolean' } as const

const WORDS = { text: 'a text', number: 'a number', flag: 'true or false' } as const

function requireTexts(value: unknown, place: string): void {
  const fields = requireObject(value, place)
  for (const [name, text] of Object.entries(fields))
    if (text === null) delete fields[name]
    else if (typeof text !== 'string') throw wrong(`${place}.${name.slice(0, 60)}`, 'a text')
}

function requireObject(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(place, 'an object')
  return value as Fields
}

function isList(shape: object): shape is readonly [Shape] {
  return Array.isArray(shape)
}

function isRequired(rule: Shape | Required): rule is Required {
  return typeof rule === 'object' && 'required' in rule
}

function wrong(place: string, what: string): AnswerError {
  return new AnswerError(`JSON in which ${place === '' ? 'the whole' : place} is not ${what}`)
}
