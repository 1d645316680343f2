import { ownValue } from '@landfall/diagnostic'
import fields from './api-fields.json' with { type: 'json' }
import type { Finding, Rule } from './finding.ts'

const KINDS: Readonly<Record<string, string>> = fields.kinds
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = fields.types

/**
 * Fields of a type by name. In the record `name!` must be there; `[]T` is a list, `{}T` a map, `a|b` either, `=a|b` one
 * of these texts, `any` whatever it is.
 */
interface TypeFields {
  readonly known: ReadonlyMap<string, string>
  readonly required: readonly string[]
}

const read = new Map<string, TypeFields>()

function fieldsOf(type: string): TypeFields | undefined {
  const found = read.get(type)
  const recorded = ownValue(TYPES, type)
  if (found !== undefined || recorded === undefined) return found
  const plain = Object.entries(recorded).map(([name, is]) => [name.replace('!', ''), is] as const)
  const required = Object.keys(recorded).filter((name) => name.endsWith('!'))
  const made = {
    known: new Map(plain),
    required: required.map((name) => name.slice(0, -1)),
  }
  read.set(type, made)
  return made
}

/** Every field is one that the API has, of its type; kinds that are not recorded are left alone. */
export const schemaRule: Rule = ({ all }) => {
  const findings: Finding[] = []
  for (const [object, content] of all) {
    const type = ownValue(KINDS, `${content.apiVersion} ${content.kind}`)
    if (type === undefined) continue
    checkValue(content, type, '', (at, message) => findings.push({ object, at, message }))
  }
  return findings
}

type Tell = (at: string, message: string) => void

function checkValue(value: unknown, type: string, at: string, tell: Tell): void {
  if (type === 'any') return
  if (type.startsWith('[]')) {
    if (!Array.isArray(value)) tell(at, 'it must be a list')
    else
      for (const [index, item] of value.entries())
        checkValue(item, type.slice(2), `${at}/${index}`, tell)
  } else if (type.startsWith('{}')) {
    if (!isMap(value)) tell(at, 'it must be a map')
    else
      for (const [key, item] of Object.entries(value))
        checkValue(item, type.slice(2), `${at}/${key}`, tell)
  } else if (type.startsWith('=')) {
    if (!type.slice(1).split('|').includes(String(value)))
      tell(at, `${value} is none of ${type.slice(1)}`)
  } else if (ownValue(TYPES, type) === undefined) checkScalar(value, type, at, tell)
  else checkMap(value, type, at, tell)
}

function checkScalar(value: unknown, type: string, at: string, tell: Tell): void {
  const is = Number.isInteger(value) ? 'integer' : typeof value
  const legal = type.split('|').some((one) => one === is || (one === 'number' && is === 'integer'))
  if (!legal) tell(at, `it must be ${type}, not ${is}`)
}

function checkMap(value: unknown, type: string, at: string, tell: Tell): void {
  const of = fieldsOf(type)
  if (of === undefined) return
  if (!isMap(value)) {
    tell(at, `it must be a ${type}`)
    return
  }
  for (const name of of.required) if (value[name] === undefined) tell(at, `${name} is missing`)
  for (const [key, child] of Object.entries(value)) {
    const is = of.known.get(key)
    if (is === undefined) tell(`${at}/${key}`, `a ${type} has no such field`)
    else if (child !== undefined) checkValue(child, is, `${at}/${key}`, tell)
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
