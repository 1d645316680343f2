import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'
import { loadInput } from './load.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'landfall-started-')))
  write('a.yml', 'services: { wrong: { image: i } }\n')
  write('.env', 'VALUE=wrong\n')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** What is loaded when Landfall is started in the directory above the project. */
function load(
  place: string | undefined,
  options: Parameters<typeof loadInput>[1] = {},
  env: Record<string, string> = {},
) {
  const { terminal } = quietTerminal(root)
  const { project, projectDirectory, diagnostics, sources } = loadProject(
    loadInput(place, options, { ...terminal, env }, nodeFiles()),
  )
  return {
    services: Object.keys(project?.services ?? {}),
    values: Object.values(project?.services ?? {}).map(({ environment }) => environment?.V),
    directory: projectDirectory,
    files: [...sources.keys()],
    errors: diagnostics.flatMap(({ severity, message }) => (severity === 'error' ? message : [])),
  }
}

const service = (name: string) =>
  `services: { ${name}: { image: i, environment: { V: $VALUE } } }\n`

test('the .env file of a directory names the Compose files of that directory', () => {
  write('shop/.env', 'COMPOSE_FILE=a.yml:more/b.yml\nVALUE=right\n')
  write('shop/a.yml', service('a'))
  write('shop/more/b.yml', service('b'))
  expect(load('shop')).toEqual({
    services: ['a', 'b'],
    values: ['right', 'right'],
    directory: join(root, 'shop'),
    files: ['.env', 'a.yml', 'more/b.yml'].map((path) => `shop/${path}`),
    errors: [],
  })
})

test('a Compose file in a directory below makes that the directory of the project, as in Docker Compose', () => {
  write('shop/.env', 'COMPOSE_FILE=deploy/a.yml\nVALUE=right\n')
  write('shop/deploy/a.yml', service('a'))
  expect(load('shop')).toMatchObject({ values: ['right'], directory: join(root, 'shop/deploy') })
})

test('a Compose file above the directory is found, and its paths start there', () => {
  write('shop/compose.yaml', service('a'))
  write('shop/.env', 'VALUE=right\n')
  write('shop/docs/readme.md', '')
  expect(load('shop/docs')).toMatchObject({ values: ['right'], directory: join(root, 'shop') })
})

test('a missing file is named from where Landfall was started', () => {
  write('shop/.env', 'COMPOSE_FILE=missing.yml\n')
  expect(load('shop').errors).toEqual(['the file shop/missing.yml does not exist'])
})

test('COMPOSE_FILE of the environment lists files of the directory', () => {
  write('shop/a.yml', service('a'))
  write('shop/.env', 'VALUE=right\n')
  expect(load('shop', {}, { COMPOSE_FILE: 'a.yml' })).toMatchObject({ values: ['right'] })
})

test('paths of options are relative to where Landfall was started', () => {
  write('shop/compose.yaml', service('a'))
  write('other.yml', service('b'))
  write('other.env', 'VALUE=other\n')
  expect(load('shop', { file: ['other.yml'], envFile: ['other.env'] })).toEqual({
    services: ['b'],
    values: ['other'],
    directory: join(root, 'shop'),
    files: ['other.env', 'other.yml'],
    errors: [],
  })
})

test.each([undefined, '.'])('PROJECT %s is where Landfall was started', (place) => {
  write('compose.yaml', service('a'))
  expect(load(place)).toMatchObject({ services: ['a'], values: ['wrong'], directory: root })
})

test('the objects are the same wherever Landfall is started', async () => {
  write(
    'shop/compose.yaml',
    `name: shop
services: { a: { image: i, volumes: [data:/data, ./conf:/conf:ro] } }
volumes: { data: {} }
`,
  )
  write('shop/conf/a.ini', 'a = 1')
  write('shop/docs/readme.md', '')
  const output = async (cwd: string, ...place: string[]) => {
    const { terminal, printed } = quietTerminal(join(root, cwd))
    const code = await run(['convert', ...place, '--offline', '-o', '-'], terminal)
    expect(code).toBe(0)
    return printed.stdout
  }
  const expected = await output('shop')
  expect(expected).toMatch(/landfall\.dev\/source: "?compose\.yaml#\/services\/a/)
  expect(await output('.', 'shop')).toBe(expected)
  expect(await output('.', 'shop/compose.yaml')).toBe(expected)
  expect(await output('shop/docs', '..')).toBe(expected)
  expect(await output('shop/docs', '../compose.yaml')).toBe(expected)
  expect(await output('shop/docs', join(root, 'shop'))).toBe(expected)
})
