import { ownValue } from '@landfall/diagnostic'
import recorded from './api-fields.json' with { type: 'json' }
import type { Finding, Rule } from './finding.ts'

const KINDS: Readonly<Record<string, string>> = recorded.kinds
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = recorded.types

/**
 * Fields of a type by name. In the record `name!` must be there; `[]T` is a list, `{}T` a map, `a|b` either, `=a|b` one
 * of these texts, `any` whatever it is.
 */
interface TypeFields {
  readonly known: ReadonlyMap<string, Type>
  readonly required: readonly string[]
}

/** What a value must be. */
type Type =
  | { readonly is: 'any' }
  | { readonly is: 'list' | 'map'; readonly of: Type }
  | { readonly is: 'text'; readonly texts: readonly string[]; readonly shown: string }
  | { readonly is: 'scalar'; readonly kinds: readonly string[]; readonly shown: string }
  | { readonly is: 'fields'; readonly name: string }

const types = new Map<string, Type>()

/** A recorded type, read once. */
function typeOf(written: string): Type {
  const type = types.get(written) ?? readType(written)
  types.set(written, type)
  return type
}

function readType(written: string): Type {
  if (written === 'any') return { is: 'any' }
  if (written.startsWith('[]')) return { is: 'list', of: typeOf(written.slice(2)) }
  if (written.startsWith('{}')) return { is: 'map', of: typeOf(written.slice(2)) }
  if (written.startsWith('='))
    return { is: 'text', texts: written.slice(1).split('|'), shown: written.slice(1) }
  return ownValue(TYPES, written) === undefined
    ? { is: 'scalar', kinds: written.split('|'), shown: written }
    : { is: 'fields', name: written }
}

const fields = new Map<string, TypeFields>()

function fieldsOf(name: string): TypeFields {
  const found = fields.get(name)
  if (found !== undefined) return found
  const all = Object.entries(ownValue(TYPES, name) ?? {})
  const made = {
    known: new Map(all.map(([field, is]) => [field.replace('!', ''), typeOf(is)])),
    required: all.flatMap(([field]) => (field.endsWith('!') ? [field.slice(0, -1)] : [])),
  }
  fields.set(name, made)
  return made
}

/** Every field is one that the API has, of its type; kinds that are not recorded are left alone. */
export const schemaRule: Rule = ({ all }) => {
  const findings: Finding[] = []
  for (const [object, content] of all) {
    const type = ownValue(KINDS, `${content.apiVersion} ${content.kind}`)
    if (type === undefined) continue
    const path: (string | number)[] = []
    const tell: Tell = (message, ...below) =>
      findings.push({ object, at: [...path, ...below].map((key) => `/${key}`).join(''), message })
    checkValue(content, typeOf(type), path, tell)
  }
  return findings
}

/** Reports something at the path that is being checked, or at a key below it. */
type Tell = (message: string, ...below: string[]) => void

/** `path` are the keys of the value; what is below is added while it is checked. */
function checkValue(value: unknown, type: Type, path: (string | number)[], tell: Tell): void {
  switch (type.is) {
    case 'any':
      return
    case 'list':
      if (!Array.isArray(value)) tell('it must be a list')
      else for (const [index, item] of value.entries()) checkBelow(index, item, type.of, path, tell)
      return
    case 'map':
      if (!isMap(value)) tell('it must be a map')
      else for (const key of Object.keys(value)) checkBelow(key, value[key], type.of, path, tell)
      return
    case 'text':
      if (!type.texts.includes(String(value))) tell(`${value} is none of ${type.shown}`)
      return
    case 'scalar':
      checkScalar(value, type, tell)
      return
    case 'fields':
      checkMap(value, type.name, path, tell)
  }
}

function checkBelow(
  key: string | number,
  value: unknown,
  type: Type,
  path: (string | number)[],
  tell: Tell,
): void {
  path.push(key)
  checkValue(value, type, path, tell)
  path.pop()
}

function checkScalar(
  value: unknown,
  { kinds, shown }: Extract<Type, { is: 'scalar' }>,
  tell: Tell,
): void {
  const is = Number.isInteger(value) ? 'integer' : typeof value
  const isOne = kinds.includes(is) || (is === 'integer' && kinds.includes('number'))
  if (!isOne) tell(`it must be ${shown}, not ${is}`)
}

function checkMap(value: unknown, name: string, path: (string | number)[], tell: Tell): void {
  const { known, required } = fieldsOf(name)
  if (!isMap(value)) {
    tell(`it must be a ${name}`)
    return
  }
  for (const field of required) if (value[field] === undefined) tell(`${field} is missing`)
  for (const key of Object.keys(value)) {
    const is = known.get(key)
    if (is === undefined) tell(`a ${name} has no such field`, key)
    else if (value[key] !== undefined) checkBelow(key, value[key], is, path, tell)
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
