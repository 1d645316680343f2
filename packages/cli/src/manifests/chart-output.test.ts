import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const PASSWORD = 'hop-sing-777'

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'landfall-chart-'))
})
afterEach(() => rmSync(scratch, { recursive: true }))

const COMPOSE = `services:
  web:
    image: nginx:1.28
    environment: { DB_PASSWORD: ${PASSWORD}, LEVEL: info }
  cache: { image: "redis:7" }
`

/** Converts a project to a chart. */
async function convert(compose: string, args: string[] = [], landfall = '') {
  writeFileSync(join(scratch, 'compose.yaml'), compose)
  writeFileSync(join(scratch, 'landfall.yaml'), landfall)
  const { terminal, printed } = quietTerminal(scratch)
  const code = await run(
    ['convert', '--offline', '--format', 'helm', '-o', 'out', ...args],
    terminal,
  )
  return { code, ...printed }
}

const file = (name: string) => join(scratch, 'out', name)
const text = (name: string) => readFileSync(file(name), 'utf8')

/** The texts of all files of the chart. */
function everything(): string {
  return readdirSync(file(''), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n')
}

test('a chart says of each value what it is and where it is from, and holds no password', async () => {
  const { code, stdout, stderr } = await convert(COMPOSE)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toMatch(/^Wrote \d+ files to out \(/)
  expect(text('values.yaml')).toMatch(/^secrets:\n.*\n {2}DB_PASSWORD: ""$/m)
  expect(text('values.yaml')).toMatch(/# the image of the program \(compose\.yaml:3\)\n {4}image:/)
  expect(text('values.yaml')).toMatch(/# compose\.yaml:4\n {6}LEVEL: info/)
  expect(text('values.yaml')).toContain(
    '# required: a secret environment variable (compose.yaml:4)',
  )
  expect(text('values.yaml')).toMatch(/# the number of pods; one at most, because Redis/)
  expect(everything()).not.toContain(PASSWORD)
  expect(everything()).not.toContain(btoa(PASSWORD).slice(0, 12))
})

test('--with-secrets writes them into a values file for its owner alone', async () => {
  expect(await convert(COMPOSE, ['--with-secrets'])).toMatchObject({ code: 0 })
  expect(text('values.yaml')).toContain(`  DB_PASSWORD: ${PASSWORD}\n`)
  expect(statSync(file('values.yaml')).mode & 0o777).toBe(0o600)
  rmSync(file('values.yaml'))
  expect(everything()).not.toContain(PASSWORD)
})

test('changes by hand stay, and what a person typed into a values file is not printed', async () => {
  await convert(COMPOSE)
  const first = everything()
  expect(await convert(COMPOSE)).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining('by hand'),
  })
  expect(everything()).toBe(first)
  for (const [name, from, to] of [
    ['values.yaml', 'DB_PASSWORD: ""', 'DB_PASSWORD: typed-by-hand'],
    ['values.schema.json', '"minimum": 0', '"minimum": 1'],
    ['README.md', 'needs no order', 'needs any order'],
    ['templates/NOTES.txt', 'To see', 'To look at'],
    ['templates/deployment-cache.yaml', 'enableServiceLinks: false', 'enableServiceLinks: true'],
  ] as const)
    writeFileSync(file(name), text(name).replace(from, to).replace('need no order', to))
  const same = await convert(COMPOSE)
  expect(same.code).toBe(0)
  for (const name of ['values.yaml', 'values.schema.json', 'README.md', 'templates/NOTES.txt'])
    expect(same.stderr).toContain(`note: out/${name} was changed by hand and is left as it is`)
  expect(same.stderr).not.toContain('typed-by-hand')
  expect(same.stderr).toContain('    -      enableServiceLinks: true\n')

  const without = await convert(COMPOSE.replace(/ {2}cache.*\n/, ''))
  expect(without.code).toBe(1)
  expect(without.stderr).toContain('templates/deployment-cache.yaml is no longer generated')
  expect(existsSync(file('templates/service-cache.yaml'))).toBe(false)
  expect(text('values.yaml')).toContain('typed-by-hand')
  expect(await convert(COMPOSE, ['--force'])).toMatchObject({ code: 0 })
  expect(everything()).toBe(first)
})

test('templates that are a link are an error, and nothing is written there', async () => {
  await convert(COMPOSE)
  rmSync(file('templates'), { recursive: true })
  symlinkSync(scratch, file('templates'))
  const { code, stderr } = await convert(COMPOSE)
  expect(code).toBe(1)
  expect(stderr).toContain('cannot write out: ')
  expect(existsSync(join(scratch, 'NOTES.txt'))).toBe(false)
})

test('an environment is a values file; what no value sets is said', async () => {
  const settings = (more: string) =>
    `environments: { prod: { services: { web: { resources: { memory: 64Mi }${more} } } } }\n`
  expect(await convert(COMPOSE, [], settings(''))).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining('values-prod'),
  })
  expect(text('values-prod.yaml').replace(/^#.*\n/gm, '')).toBe(
    'services:\n  web:\n    resources:\n      requests:\n        memory: 64Mi\n      limits:\n        memory: 64Mi\n',
  )
  const more = await convert(COMPOSE, [], settings(', ready: { http: "http://localhost/" }'))
  expect(more.code).toBe(0)
  expect(more.stderr).toContain('note: values-prod.yaml does not make all of the environment prod')
  expect(text('values-prod.yaml')).toContain('deployment/web has differences that no value sets')
  const broken = await convert(COMPOSE, [], settings(', ready: { tcp: 80 }'))
  expect(broken.code).toBe(1)
})

test.each([
  [['-o', 'chart.yaml'], 'a chart is a directory'],
  [['-o', '-'], 'a chart is a directory'],
  [['-n', 'shop'], 'a chart has no namespace of its own'],
  [['--format', 'manifests', '--with-secrets'], '--with-secrets is for --format helm'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await convert(COMPOSE, args)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
})
