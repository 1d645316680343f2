import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ComposeCase, caseDirectory, configArguments, type Recording } from './compose.ts'
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
    const results = Object.fromEntries(cases.map((one) => [one.name, run(tool, one)]))
    const lines = Object.entries(results).map(
      ([name, result]) => `${JSON.stringify(name)}: ${JSON.stringify(result)}`,
    )
    writeFileSync(recording, `{\n${lines.join(',\n')}\n}\n`)
  }
}

function run(tool: string, { name, files, flags }: ComposeCase): Recording {
  const root = mkdtempSync(join(tmpdir(), 'compose-case-'))
  const directory = join(root, name)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const cwd = join(directory, flags.directory ?? '')
  mkdirSync(cwd, { recursive: true })
  const { status, stdout, stderr } = spawnSync(tool, configArguments(flags), {
    cwd,
    env: { HOME: '/home/x', PWD: cwd, ...flags.environment },
    encoding: 'utf8',
    input: flags.stdin ?? '',
  })
  rmSync(root, { recursive: true })
  const placed = (text: string) => text.replaceAll(root, dirname(caseDirectory(name)))
  if (status === 0) return { project: JSON.parse(placed(stdout)) }
  return { error: placed(stderr.trim().split('\n').at(-1) ?? '') }
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
