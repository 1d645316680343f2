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
  const refer = (part: SchemaPart): unknown => {
    const { description, ...rest } = part
    const name = names.get(rest.properties ?? part)
    if (name === undefined) return inside(part)
    const own = description !== (namedParts as Record<string, SchemaPart>)[name]?.description
    return { ...(own ? { description } : {}), $ref: `#/$defs/${name}` }
  }
  const inside = ({ properties, additionalProperties, items, ...rest }: SchemaPart): object => ({
    ...rest,
    ...(properties === undefined ? {} : { properties: mapValues(properties, refer) }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === 'boolean'
              ? additionalProperties
              : refer(additionalProperties),
        }),
    ...(items === undefined ? {} : { items: refer(items) }),
  })
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://landfall.dev/schema/landfall.schema.json',
    title: 'landfall.yaml',
    ...inside(landfallFile as SchemaPart),
    $defs: mapValues(namedParts as Record<string, SchemaPart>, inside),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

function mapValues<T>(map: Readonly<Record<string, T>>, change: (value: T) => unknown) {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))
}
