import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type HostileInput, laborious, tooLarge } from './hostile-inputs.ts'
import { loadProject, memoryFiles } from './index.ts'
import { nodeFiles } from './node-files.ts'

/** Generous: a busy machine is no failure. */
const timeout = 60_000

const codes = (files: Record<string, string | Uint8Array>) =>
  loadProject({ files: memoryFiles(files), workingDirectory: '/w', environment: {} })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)

/** The files by their paths. */
const inProject = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`/w/${name}`, text]))

describe('too large: told with a place, and nothing else follows', () => {
  test.each(Object.entries(tooLarge))('%s', { timeout }, (_name, input) => {
    expect(new Set(codes(inProject(input())))).toEqual(new Set(['compose/too-large']))
  })
})

describe('much work', () => {
  test.each([
    ['a full range of ports', []],
    ['a chain of dependencies', []],
    ['everything depends on everything', ['compose/dependency-cycle']],
    ['thousands of misspelt names', ['compose/undefined-volume']],
    ['thousands of unknown keys', ['compose/unknown-key']],
    ['thousands of services', []],
    ['a list of many numbers', []],
    ['a text of four megabytes', []],
    ['a text of many escapes', []],
    ['a command of many words', ['compose/invalid-command']],
    ['a path of many steps', []],
    ['numbers of many digits', ['compose/invalid-value']],
    ['variables that multiply', ['compose/invalid-env-file']],
  ])('%s: %j', { timeout }, (name, expected) => {
    expect([...new Set(codes(inProject((laborious[name] as HostileInput)())))]).toEqual(expected)
  })
})

/** Those that need the most memory. */
const hungry = ['ranges of ports of many services', 'everything depends on everything']

test('none of it takes more than 300 MB', { timeout: 4 * timeout }, () => {
  const source = (name: string) => JSON.stringify(new URL(name, import.meta.url).href)
  const script = `
    const { laborious, tooLarge } = await import(${source('hostile-inputs.ts')})
    const { loadProject, memoryFiles } = await import(${source('index.ts')})
    for (const name of ${JSON.stringify(hungry)}) {
      const files = Object.entries({ ...tooLarge, ...laborious }[name]()).map(([name, text]) => ['/w/' + name, text])
      loadProject({ files: memoryFiles(Object.fromEntries(files)), workingDirectory: '/w', environment: {} })
    }
    process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)))`
  const flags = ['--max-old-space-size=160', '--conditions=landfall-source', '--import', 'tsx']
  const args = [...flags, '--input-type=module', '--eval', script]
  const peak = () => Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  // 250, except where the machine is so busy that the threads of the garbage collector come late
  expect(Math.min(peak(), peak())).toBeLessThan(300)
})

test('bytes that are no text end in a diagnostic', () => {
  const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0xff, 0xfe])
  expect(codes({ '/w/compose.yaml': bytes })).toEqual(['compose/unreadable-file'])
})

test('keys with a meaning in JavaScript are plain keys', () => {
  const yaml =
    'services:\n  constructor: { image: a, labels: { __proto__: b, toString: c } }\n  __proto__: { image: b }\n'
  const { project, diagnostics } = loadProject({
    files: memoryFiles({ '/w/compose.yaml': yaml }),
    workingDirectory: '/w',
    environment: {},
  })
  expect(diagnostics).toEqual([])
  expect(Object.keys(project?.services ?? {})).toEqual(['constructor', '__proto__'])
  const [first] = Object.values(project?.services ?? {})
  expect(Object.keys(first?.labels ?? {})).toEqual(['__proto__', 'toString'])
  expect(({} as { image?: string }).image).toBeUndefined()
})

const directory = mkdtempSync(join(tmpdir(), 'compose-hostile-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** The error codes of a project in a directory of this machine that a script has filled. */
function codesOnDisk(script: string): string[] {
  const place = mkdtempSync(join(directory, 'case-'))
  execFileSync('sh', ['-c', script], { cwd: place })
  const input = { files: nodeFiles(), workingDirectory: place, environment: {} }
  return loadProject(input)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)
}

test.each([
  ['a FIFO', 'mkfifo compose.yaml'],
  ['an endless device', 'ln -s /dev/zero compose.yaml'],
  ['a directory', 'mkdir compose.yaml'],
  ['a file of the kernel that blocks', 'ln -s /proc/kmsg compose.yaml'],
  ['memory', 'ln -s /proc/self/mem compose.yaml'],
])('%s as Compose file', (_name, script) => {
  expect(codesOnDisk(script)).toEqual(['compose/unreadable-file'])
})

test('100 GB as Compose file', () => {
  expect(codesOnDisk('truncate -s 100G compose.yaml')).toEqual(['compose/too-large'])
})

test('a circle of links as Compose file is none', () => {
  expect(codesOnDisk('ln -s compose.yaml compose.yaml')).toEqual(['compose/no-file'])
})

/** Everything that is no file to read, by name. */
const odd =
  'mkfifo fifo; ln -s /dev/zero zero; ln -s loop loop; mkdir folder; truncate -s 1G large; ln -s /proc/self/pagemap pages; '

const whereFilesAreNamed: Record<string, (file: string) => string> = {
  env_file: (file) => `services: { web: { image: nginx, env_file: [${file}] } }`,
  label_file: (file) => `services: { web: { image: nginx, label_file: [${file}] } }`,
  extends: (file) =>
    `services: { web: { image: nginx, extends: { file: ${file}, service: web } } }`,
  include: (file) => `include: [${file}]`,
}

test.each(Object.entries(whereFilesAreNamed))(
  'odd files under %s end in a diagnostic',
  (_key, write) => {
    const code = (file: string) => codesOnDisk(`${odd} echo '${write(file)}' > compose.yaml`)
    for (const file of ['fifo', 'zero', 'folder', 'pages'])
      expect([file, ...code(file)]).toEqual([file, 'compose/unreadable-file'])
    expect(code('large')).toEqual(['compose/too-large'])
    expect(code('loop')).toHaveLength(1)
  },
)

test('streams without an end as .env are errors, a directory or a circle of links is none', () => {
  const code = (file: string) =>
    codesOnDisk(`${odd} ln -s ${file} .env; echo 'services: {}' > compose.yaml`)
  for (const file of ['fifo', 'zero'])
    expect([file, ...code(file)]).toEqual([file, 'compose/unreadable-file'])
  for (const file of ['folder', 'loop']) expect([file, ...code(file)]).toEqual([file])
})
