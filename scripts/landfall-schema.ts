import { landfallFile, namedParts } from '../packages/convert/src/settings/schema/landfall-file.ts'

/** A part of a JSON Schema, as far as the schema of landfall.yaml goes. */
export interface SchemaPart {
  type?: string | string[]
  description?: string
  properties?: Record<string, SchemaPart>
  additionalProperties?: boolean | SchemaPart
  items?: SchemaPart
  enum?: string[]
}

/** The schema of landfall.yaml as editors read it: what is used several times has a name. */
export function landfallSchema(): string {
  const names = new Map<unknown, string>(
    Object.entries(namedParts).map(([name, part]) => [
      (part as SchemaPart).properties ?? part,
      name,
    ]),
  )
  const refer = (part: unknown, top = false): unknown => {
    if (Array.isArray(part)) return part.map((one) => refer(one))
    if (typeof part !== 'object' || part === null) return part
    const { description, ...rest } = part as SchemaPart
    const name = names.get(rest.properties ?? part)
    if (name !== undefined && !top) {
      const own = description !== (namedParts as Record<string, SchemaPart>)[name]?.description
      return { ...(own ? { description } : {}), $ref: `#/$defs/${name}` }
    }
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, refer(value)]))
  }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://landfall.dev/schema/landfall.schema.json',
    title: 'landfall.yaml',
    ...(refer(landfallFile, true) as object),
    $defs: Object.fromEntries(
      Object.entries(namedParts).map(([name, part]) => [name, refer(part, true)]),
    ),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
