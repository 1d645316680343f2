import type { Parameter } from '@landfall/kube'
import { inOrder } from './values.ts'

/** A group of values in the schema: other keys are refused. */
interface Group {
  type: 'object'
  additionalProperties: boolean
  properties: Record<string, unknown>
  required?: string[]
}

/** The JSON Schema of the values: other keys are refused. What several values have in common is written once. */
export function valuesSchema(parameters: readonly Parameter[], title: string): string {
  const root = emptyGroup()
  const groups = new Set<unknown>([root])
  for (const { path, schema, group, description } of inOrder(parameters)) {
    const parent = path.slice(0, -1).reduce<Group>((node, key) => {
      const known = Object.hasOwn(node.properties, key) ? node.properties[key] : undefined
      const child = (known as Group | undefined) ?? emptyGroup()
      groups.add(child)
      define(node.properties, key, child)
      return child
    }, root)
    define(parent.properties, path.at(-1) as string, { ...schema, description })
    Object.assign(parent, group)
  }
  // a key that is removed with null would be missing in the templates
  for (const group of groups as Set<Group>) {
    const keys = Object.keys(group.properties)
    if (keys.length > 0) group.required = keys
  }
  // a chart that is a part of another one gets the global values of all
  const global = (root.properties.global ?? { type: 'object' }) as Group
  define(root.properties, 'global', { ...global, additionalProperties: true })
  const { properties, definitions } = shared(root.properties, groups)
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    ...root,
    properties,
    ...(Object.keys(definitions).length > 0 && { definitions }),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

function emptyGroup(): Group {
  return { type: 'object', additionalProperties: false, properties: {} }
}

/** Characters of a schema that is not worth a definition. */
const SHORT = 120

/**
 * Properties in which schemas that occur more than once are references to definitions, which have the name of the first one.
 * https://json-schema.org/draft-07/json-schema-core#rfc.section.8.3
 */
function shared(
  properties: Readonly<Record<string, unknown>>,
  groups: ReadonlySet<unknown>,
): { properties: Record<string, unknown>; definitions: Record<string, unknown> } {
  const texts = textsOf(properties, groups)
  const counts = new Map<string, number>()
  for (const text of texts.values()) counts.set(text, (counts.get(text) ?? 0) + 1)
  const names = new Map<string, string>()
  const definitions: Record<string, unknown> = {}
  const reference = (key: string, schema: unknown): unknown => {
    const text = texts.get(schema) ?? ''
    if (text.length < SHORT || counts.get(text) === 1) return inner(schema)
    const known = names.get(text)
    if (known !== undefined) return { $ref: known }
    const plain = key.replace(/[^\w-]+/g, '-')
    let name = plain
    for (let number = 2; Object.hasOwn(definitions, name); number++) name = `${plain}-${number}`
    names.set(text, `#/definitions/${name}`)
    define(definitions, name, inner(schema))
    return { $ref: `#/definitions/${name}` }
  }
  const inner = (schema: unknown): unknown =>
    groups.has(schema)
      ? { ...(schema as Group), properties: all((schema as Group).properties) }
      : schema
  const all = (among: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const result: Record<string, unknown> = {}
    for (const [key, schema] of Object.entries(among)) define(result, key, reference(key, schema))
    return result
  }
  return { properties: all(properties), definitions }
}

/** For each schema of the groups a text that two have only if they are equal. */
function textsOf(
  properties: Readonly<Record<string, unknown>>,
  groups: ReadonlySet<unknown>,
): Map<unknown, string> {
  const texts = new Map<unknown, string>()
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size
    numbers.set(text, known)
    return known
  }
  const visit = (schema: unknown): string => {
    const text = groups.has(schema) ? textOf(schema as Group) : JSON.stringify(schema)
    texts.set(schema, text)
    return text
  }
  const textOf = ({ properties: inside, ...rest }: Group): string =>
    `${JSON.stringify(rest)} ${Object.entries(inside).map(([key, one]) => `${JSON.stringify(key)}=${numberOf(visit(one))}`)}`
  for (const schema of Object.values(properties)) visit(schema)
  return texts
}

/** Sets an own property, that of the name `__proto__` too. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value
  else
    Object.defineProperty(target, key, {
      configurable: true,
      enumerable: true,
      writable: true,
      value,
    })
}
