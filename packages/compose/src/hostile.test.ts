import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadProject, memoryFiles } from './index.ts'
import { nodeFiles } from './node-files.ts'

/** Generous: a busy machine is no failure. */
const timeout = 60_000

const codes = (files: Record<string, string | Uint8Array>) =>
  loadProject({ files: memoryFiles(files), workingDirectory: '/w', environment: {} })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)

test('aliases that multiply end in a diagnostic', { timeout }, () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 10; level++) {
    const items = Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')
    lines.push(`a${level}: &a${level} [${items}]`)
  }
  expect(codes({ '/w/compose.yaml': `x-bomb:\n  ${lines.join('\n  ')}\n` })).toEqual([
    'compose/too-large',
  ])
})

test.each([
  ['brackets', `services: ${'['.repeat(50_000)}`],
  ['braces', `services: ${'{a: '.repeat(50_000)}`],
  ['closed brackets', `x-a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['indentation', Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('deep %s end in a diagnostic', { timeout }, (_name, yaml) => {
  expect(codes({ '/w/compose.yaml': yaml })).toEqual(['compose/too-large'])
})

test.each([
  ['anchors', `x-a:\n  a0: &a0 [x]\n${chain()}`],
  ['defaults', `services: { web: { image: "${'${A:-'.repeat(5000)}${'}'.repeat(5000)}" } }`],
  ['open defaults', `services: { web: { image: "${'${A:-'.repeat(50_000)}" } }`],
])('long chains of %s end in a diagnostic', { timeout }, (_name, yaml) => {
  expect(codes({ '/w/compose.yaml': yaml })).toEqual(['compose/too-large'])
})

function chain(): string {
  const lines = Array.from({ length: 5000 }, (_, at) => `  a${at + 1}: &a${at + 1} [*a${at}]`)
  return lines.join('\n')
}

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

test('a FIFO, a device, a directory and a circle of links as env_file do not block', () => {
  execFileSync('mkfifo', [join(directory, 'fifo.env')])
  symlinkSync('/dev/zero', join(directory, 'zero.env'))
  symlinkSync('loop.env', join(directory, 'loop.env'))
  writeFileSync(
    join(directory, 'compose.yaml'),
    'services: { web: { image: nginx, env_file: [fifo.env, zero.env, loop.env, .] } }\n',
  )
  const { diagnostics } = loadProject({
    files: nodeFiles(),
    workingDirectory: directory,
    environment: {},
  })
  expect(diagnostics.map(({ code }) => code)).toEqual([
    'compose/unreadable-file',
    'compose/unreadable-file',
    'compose/env-file-not-found',
    'compose/unreadable-file',
  ])
})
