import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { askCompose } from './ask-compose.ts'
import { readCases } from './compose-cases.ts'
import { type Schema, schemaFacts } from './compose-schema.ts'

/**
 * Records what the real docker-compose says to every case: `DOCKER_COMPOSE=/path/to/docker-compose tsx record-compose.ts
 * packages/compose/cases [TITLE…]`, all or only those of some titles. Needs no daemon. With
 * `COMPOSE_SPEC=/path/to/compose-spec.json` the facts of that schema too; Debian has it in
 * golang-github-compose-spec-compose-go-dev.
 */
function record(tool: string, directory: string, titles: readonly string[]): void {
  writeFileSync(join(directory, 'recorded-with.txt'), execFileSync(tool, ['version']))
  for (const { title, recording, cases } of readCases(directory)) {
    if (titles.length > 0 && !titles.includes(title)) continue
    const results = Object.fromEntries(cases.map((one) => [one.name, askCompose(tool, one)]))
    const lines = Object.entries(results).map(
      ([name, result]) => `${JSON.stringify(name)}: ${JSON.stringify(result)}`,
    )
    writeFileSync(recording, `{\n${lines.join(',\n')}\n}\n`)
  }
}

const [directory, ...titles] = process.argv.slice(2)
const tool = process.env.DOCKER_COMPOSE
if (directory === undefined || tool === undefined)
  throw new Error('usage: DOCKER_COMPOSE=/path/to/docker-compose tsx record-compose.ts DIRECTORY')
record(tool, directory, titles)
const schema = process.env.COMPOSE_SPEC
if (schema !== undefined) {
  const facts = schemaFacts(JSON.parse(readFileSync(schema, 'utf8')) as Schema)
  writeFileSync(join(directory, 'schema-facts.txt'), `${facts.join('\n')}\n`)
}
