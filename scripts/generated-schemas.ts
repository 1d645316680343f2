import { files, outputs } from '../packages/cli/src/contract/index.ts'

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/** The schemas of docs/schemas/, by file: one for the lines that each command prints, and one for each file. */
export function generatedSchemas(): Map<string, string> {
  const schemas = new Map<string, object>()
  for (const [command, lines] of Object.entries(outputs)) {
    const named = lines.map((line) => [line.properties.type.const, line] as const)
    schemas.set(command, {
      $schema: DRAFT,
      title: `One line of \`landfall ${command} --output json\``,
      oneOf: named.map(([type]) => ({ $ref: `#/$defs/${type}` })),
      $defs: Object.fromEntries(named),
    })
  }
  for (const [name, schema] of Object.entries(files))
    schemas.set(name, { $schema: DRAFT, ...schema })
  return new Map(
    [...schemas].map(([name, schema]) => [
      `schemas/${name}.json`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  )
}
