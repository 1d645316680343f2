import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

/** Clears the screen, sets a title, links, goes back, reverses the text: as YAML writes it, and as it is. */
const WRITTEN = '\\e[2J\\e]0;x\\a\\e]8;;http://x\\e\\\\\\x9b31m\\r\\b\\u202e\\u2066'
const HOSTILE = '\x1b[2J\x1b]0;x\x07\x1b]8;;http://x\x1b\\\x9b31m\r\b\u202e\u2066'

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-text-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Values of everything that a project names. */
const converts = `name: demo
x-note: "${WRITTEN}"
services:
  web:
    image: "nginx:1.22"
    command: ["echo", "${WRITTEN}"]
    entrypoint: ["sh", "${WRITTEN}"]
    environment: { PLAIN: "${WRITTEN}", "N${WRITTEN}": "1", PASSWORD: "${WRITTEN}" }
    labels: { "a": "${WRITTEN}", "l${WRITTEN}": "x" }
    healthcheck: { test: ["CMD", "curl", "${WRITTEN}"] }
    volumes: ["./conf:/etc/conf:ro"]
    configs: [c]
    annotations: { "n${WRITTEN}": "${WRITTEN}" }
configs: { c: { content: "${WRITTEN}" } }
`

const refused: Record<string, string> = {
  'a service': `services: { "w${WRITTEN}": { image: i } }\n`,
  'an image': `services: { web: { image: "i${WRITTEN}" } }\n`,
  'an unknown key': `services: { web: { image: i, "k${WRITTEN}": 1 } }\n`,
  'a port': `services: { web: { image: i, ports: ["${WRITTEN}"] } }\n`,
  'a dependency': `services: { web: { image: i, depends_on: ["${WRITTEN}"] } }\n`,
  'a network': `services: { web: { image: i, networks: ["${WRITTEN}"] } }\n`,
  'a file': `include: ["${WRITTEN}.yaml"]\n`,
  'an env file': `services: { web: { image: i, env_file: "${WRITTEN}" } }\n`,
  'a variable': `services: { web: { image: "\${A:?${WRITTEN}}" } }\n`,
  'a build': `services: { web: { build: "./${WRITTEN}" } }\n`,
  'a bind': `services: { web: { image: i, volumes: ["./${WRITTEN}:/a"] } }\n`,
  'a comment': `services:\n  web:\n    imag: i # ${HOSTILE}\n`,
  'a comment of bidirectional text': 'services:\n  web:\n    imag: i # \u202e\u2066\n',
}

const commands: readonly string[][] = [
  ['check'],
  ['check', '--output', 'json'],
  ['check', '--output', 'sarif'],
  ['plan', '--offline'],
  ['plan', '--offline', '--output', 'json'],
  ['convert', '--offline', '-o', '-'],
  ['convert', '--offline', '-o', 'out'],
  ['convert', '--offline', '-o', 'out', '--output', 'json'],
  ['init'],
  ['up'],
  ['status'],
  ['logs'],
  ['down'],
  ['config'],
  ['config', '--format', 'json'],
  ['config', '--no-interpolate'],
  ['config', '--variables'],
  ['config', '--environment'],
  ['config', '--hash', '*'],
  ...['--services', '--images', '--profiles', '--volumes', '--networks'].map((view) => [
    'config',
    view,
  ]),
  ...['check', 'explain', 'plan', 'config', 'up', 'cluster', HOSTILE].map((name) => [
    name,
    HOSTILE,
  ]),
  ['check', `--${HOSTILE}`],
  ['convert', '-o', `${HOSTILE}/out`],
  ['convert', '-o', 'out', '-n', HOSTILE],
]

async function printedBy(args: readonly string[]): Promise<string> {
  const { terminal, printed } = quietTerminal(directory)
  const env = { HOME: directory, KUBECONFIG: join(directory, 'none'), HOSTILE }
  await run(args, { ...terminal, env })
  return printed.stdout + printed.stderr
}

test.each(commands.map((args) => [JSON.stringify(args.join(' ')), args] as const))(
  'what %s prints of a hostile project can be read and not obeyed',
  async (_, args) => {
    writeFileSync(join(directory, 'compose.yaml'), converts)
    mkdirSync(join(directory, 'conf'))
    writeFileSync(join(directory, 'conf', HOSTILE.replaceAll('/', '')), HOSTILE)
    writeFileSync(join(directory, '.env'), `NAME="${HOSTILE}"\n`)
    writeFileSync(join(directory, 'landfall.yaml'), `accept: ["services/${WRITTEN}"]\n`)
    expect(await printedBy(args)).not.toMatch(OBEYED)
    rmSync(join(directory, 'landfall.yaml'))
    expect(await printedBy(args)).not.toMatch(OBEYED)
    if (args.includes('out') && readdirSync(directory).includes('out'))
      for (const name of readdirSync(join(directory, 'out')))
        expect(readFileSync(join(directory, 'out', name), 'utf8')).not.toMatch(OBEYED)
  },
)

test.each(Object.entries(refused))('%s is shown in errors', async (_, compose) => {
  writeFileSync(join(directory, 'compose.yaml'), compose)
  for (const args of [['check'], ['config']]) {
    const text = await printedBy(args)
    expect(text).not.toMatch(OBEYED)
    expect(text).not.toBe('')
  }
})

test('a line break in a name makes no line of its own', async () => {
  writeFileSync(
    join(directory, 'compose.yaml'),
    'services: { web: { image: i, "x\\nNo problems in compose.yaml.": 1 } }\n',
  )
  const text = await printedBy(['check'])
  expect(text.split('\n').filter((line) => line.startsWith('No problems'))).toEqual([])
})
