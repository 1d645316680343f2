/** The part of JSON Schema that compose-spec.json uses. */
export interface Schema {
  readonly $ref?: string
  readonly oneOf?: readonly Schema[]
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly uniqueItems?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean
  readonly required?: readonly string[]
  readonly definitions?: Readonly<Record<string, Schema>>
}

/** What a schema takes, one line for each place: `$.services.*.cap_add: array; unique`. */
export function schemaFacts(root: Schema): string[] {
  const lines: string[] = []
  visit(root, '$')
  return lines.sort()

  function resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1)
    const target = name === undefined ? undefined : root.definitions?.[name]
    return target === undefined ? schema : resolve(target)
  }

  function visit(schema: Schema, path: string): void {
    const resolved = resolve(schema)
    const forms = (resolved.oneOf ?? [resolved]).map(resolve)
    const facts = new Set<string>()
    for (const form of forms)
      for (const type of [form.type ?? 'object'].flat()) {
        facts.add(type)
        if (type === 'string' && form.enum) facts.add(`one of ${form.enum.join(',')}`)
        if (type === 'string' && form.pattern) facts.add(`like ${form.pattern}`)
        if (type === 'integer' && form.minimum !== undefined) facts.add(`from ${form.minimum}`)
        if (type === 'integer' && form.maximum !== undefined) facts.add(`to ${form.maximum}`)
        if (type === 'array' && form.uniqueItems) facts.add('unique')
        if (type === 'array' && form.items) visit(form.items, `${path}[]`)
        if (type === 'object') visitMapping(form, path, facts)
      }
    lines.push(`${path}: ${[...facts].sort().join('; ')}`)
  }

  function visitMapping(form: Schema, path: string, facts: Set<string>): void {
    if (form.required?.length) facts.add(`needs ${[...form.required].sort().join(',')}`)
    for (const [key, child] of Object.entries(form.properties ?? {})) visit(child, `${path}.${key}`)
    const patterns = Object.entries(form.patternProperties ?? {})
    const names = patterns.find(([pattern]) => pattern !== '^x-')
    if (patterns.length > (names ? 1 : 0)) facts.add('x-')
    const everyName = names !== undefined && /^\^?\.\+\$?$/.test(names[0])
    if (form.additionalProperties !== false && !everyName) facts.add('open')
    if (names === undefined) return
    if (!everyName) facts.add(`names like ${names[0]}`)
    visit(names[1], `${path}.*`)
  }
}
