import { ownValue, toPointer } from '@landfall/diagnostic'

/** The part of JSON Schema that `landfall.schema.json` uses. */
export interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  enum?: unknown[]
  pattern?: string
  minimum?: number
  maximum?: number
  $ref?: string
  $defs?: Record<string, Schema>
  description?: string
}

export interface Violation {
  pointer: string
  /** Whether the key is at fault rather than its value. */
  key: boolean
  code: 'unknown-key' | 'wrong-type' | 'wrong-value'
  message: string
  hint?: string
}

/** Everything in a value that a schema does not allow, in the order of the value. */
export function validate(value: unknown, root: Schema): Violation[] {
  const violations: Violation[] = []
  const check = (at: (string | number)[], item: unknown, reference: Schema): void => {
    const schema = resolve(reference, root)
    const own = ownViolation(at, item, schema)
    if (own !== undefined) violations.push(own)
    else if (Array.isArray(item)) {
      for (const [index, child] of item.entries())
        if (schema.items !== undefined) check([...at, index], child, schema.items)
    } else if (typeof item === 'object' && item !== null)
      for (const [key, child] of Object.entries(item)) {
        const known = ownValue(schema.properties, key) ?? schema.additionalProperties
        if (typeof known === 'object') check([...at, key], child, known)
        else if (known === false) violations.push(unknownKey([...at, key], key, schema))
      }
  }
  check([], value, root)
  return violations
}

/** The schema that `#/$defs/name` names; what stands beside the reference counts more. */
function resolve(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.slice('#/$defs/'.length)
  return name === undefined ? schema : { ...root.$defs?.[name], ...schema }
}

/** What is wrong with a value as a whole, before its children are looked at. */
function ownViolation(
  at: (string | number)[],
  value: unknown,
  schema: Schema,
): Violation | undefined {
  const name = at.at(-1) ?? 'the file'
  const types = [schema.type ?? []].flat()
  const rightType = types.length === 0 || types.some((type) => isOfType(value, type))
  const problem = rightType
    ? valueProblem(value, schema)
    : `must be ${types.map(withArticle).join(' or ')}`
  if (problem === undefined) return undefined
  return {
    pointer: toPointer(at),
    key: false,
    code: rightType ? 'wrong-value' : 'wrong-type',
    message: `${name} ${problem}`,
    ...(schema.description === undefined ? {} : { hint: schema.description }),
  }
}

function unknownKey(at: (string | number)[], key: string, schema: Schema): Violation {
  return {
    pointer: toPointer(at),
    key: true,
    code: 'unknown-key',
    message: `unknown key "${key}"`,
    hint: suggestion(key, Object.keys(schema.properties ?? {})),
  }
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

function withArticle(type: string): string {
  const word = { object: 'mapping', array: 'list', string: 'string' }[type] ?? type
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`
}

function valueProblem(value: unknown, schema: Schema): string | undefined {
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return `must be one of ${schema.enum.join(', ')}`
  if (typeof value === 'number' && value < (schema.minimum ?? value))
    return `must be at least ${schema.minimum}`
  if (typeof value === 'number' && value > (schema.maximum ?? value))
    return `must be at most ${schema.maximum}`
  if (typeof value === 'string' && schema.pattern !== undefined)
    return new RegExp(schema.pattern).test(value) ? undefined : `cannot be ${JSON.stringify(value)}`
  return undefined
}

/** The known word nearest to a misspelt one, or all of them. */
export function suggestion(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance)
  return nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(word.length / 3))
    ? `did you mean "${nearest.candidate}"?`
    : `allowed: ${known.join(', ')}`
}

/** Insertions, deletions and replacements that make one word of the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
      )
    row = next
  }
  return row[b.length] as number
}
