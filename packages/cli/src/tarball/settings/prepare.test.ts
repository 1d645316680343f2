import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { quietTerminal } from '../../quiet-terminal.ts'
import { run } from '../../run.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-prepared-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A directory with the files of Artemis that show what it is, as apache-artemis-2.31.2-bin.tar.gz, and with a landfall.yaml. */
function project(settings?: string): string {
  const directory = mkdtempSync(join(scratch, 'project-'))
  const tree = join(directory, 'tree/apache-artemis-2.31.2')
  for (const [name, text] of [
    ['bin/artemis', '#!/bin/sh\nexec java Main\n'],
    ['lib/artemis-boot.jar', 'PK'],
  ] as const) {
    mkdirSync(join(tree, name, '..'), { recursive: true })
    writeFileSync(join(tree, name), text, { mode: 0o755 })
  }
  const file = join(directory, 'apache-artemis-2.31.2-bin.tar.gz')
  expect(spawnSync('tar', ['-czf', file, '-C', join(tree, '..'), '.']).status).toBe(0)
  rmSync(join(directory, 'tree'), { recursive: true })
  if (settings !== undefined)
    writeFileSync(
      join(directory, 'landfall.yaml'),
      `services:\n  broker:\n    tarball: ./apache-artemis-2.31.2-bin.tar.gz\n    java: 17\n    start: instance/bin/artemis-service start\n${settings}`,
    )
  return directory
}

async function landfall(directory: string, ...words: string[]) {
  const { terminal, printed } = quietTerminal(directory)
  const env = { ...terminal.env, XDG_CACHE_HOME: join(directory, 'cache') }
  return { code: await run(words, { ...terminal, env }), ...printed }
}

test('check and init propose what a known release needs first, and what init writes is valid', async () => {
  const directory = project()
  const checked = await landfall(directory, 'check', 'apache-artemis-2.31.2-bin.tar.gz')
  expect(checked.stdout).toContain(
    '  first     bin/artemis runs an instance, which is made first\n            bin/artemis create instance ',
  )
  expect((await landfall(directory, 'init', 'apache-artemis-2.31.2-bin.tar.gz')).code).toBe(0)
  const text = readFileSync(join(directory, 'landfall.yaml'), 'utf8')
  expect(text).toContain('    prepare:\n      - "bin/artemis create instance ')
  expect(text).toContain('    start: "instance/bin/artemis-service start"\n')
  expect(text).toContain('    packages: [procps]\n')
  writeFileSync(join(directory, 'landfall.yaml'), text.replace('#java: 17', 'java: 17'))
  const { code, stdout } = await landfall(directory, 'check', '.')
  expect([code, stdout]).toEqual([0, expect.stringContaining('No problems')])
})

test('containerize writes the commands, and other ones make another image', async () => {
  const directory = project('    prepare: [bin/artemis create instance]\n')
  const { code, stdout } = await landfall(directory, 'containerize', '.', '-o', 'recipe')
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('landfall/ (prepare, start, capture, install)'),
  ])
  const read = (name: string): string => readFileSync(join(directory, 'recipe', name), 'utf8')
  expect(read('Dockerfile')).toContain(
    '\nRUN sh /landfall/prepare # prepare of broker in landfall.yaml\n',
  )
  expect(read('landfall/prepare')).toContain("\nstep 0 'bin/artemis create instance'\n")
  const contexts = (): string[] =>
    spawnSync('ls', ['cache/landfall/tarballs'], { cwd: directory, encoding: 'utf8' }).stdout.split(
      '\n',
    )
  await landfall(directory, 'check', '.')
  const before = contexts()
  await landfall(directory, 'check', '.')
  expect(contexts()).toEqual(before)
  const file = join(directory, 'landfall.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('create instance', 'create other'))
  await landfall(directory, 'check', '.')
  expect(contexts()).toHaveLength(before.length + 1)
})

const MADE = '    prepare: [bin/artemis create instance]\n'

test.each([
  [
    'a start script that nothing makes',
    '',
    1,
    'landfall.yaml:5:5: error: ./apache-artemis-2.31.2-bin.tar.gz: the start script instance/bin/artemis-service is not in the tarball',
  ],
  [
    'an edit of a file that a command makes',
    `${MADE}    files: { instance/etc/broker.xml: { set: { /a: b } } }\n`,
    1,
    'a file that a command of prepare makes is edited by a further command of prepare',
  ],
  [
    'a password',
    '    prepare:\n      - bin/artemis create instance --user admin --password hunter22\n',
    0,
    'landfall.yaml:7:9: warning: a command that prepares broker contains a secret (--password)',
  ],
  [
    'commands for an environment alone',
    `${MADE}environments: { prod: { services: { broker: { prepare: [bin/x] } } } }\n`,
    1,
    'prepare of a service from a tarball is the same in all environments',
  ],
])('%s is reported at its place', async (_, settings, expected, text) => {
  const words = settings.includes('prod')
    ? ['plan', '--environment', 'prod', '--offline']
    : ['check']
  const { code, stdout, stderr } = await landfall(
    project(settings),
    words[0] ?? '',
    '.',
    ...words.slice(1),
  )
  expect(stdout + stderr).toContain(text)
  expect(code).toBe(expected)
})

test.each([
  'prepare: bin/x',
  'prepare: [{ a: b }]',
  'logs: 5',
  'ports: 5',
  'jvm: 5',
  'packages: 5',
  'files: x',
  'files: { a: 5 }',
  'base: [a]',
  'checksum: 5',
  'java: [17]',
  'start: 5',
])('%s is reported at its place, as a value of the wrong kind', async (line) => {
  const directory = project()
  writeFileSync(
    join(directory, 'landfall.yaml'),
    `services:\n  broker:\n    tarball: ./apache-artemis-2.31.2-bin.tar.gz\n    ${line}\n`,
  )
  const { code, stdout, stderr } = await landfall(directory, 'check', '.')
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^landfall\.yaml:4:\d+: error: .* must be /m)
  expect(stdout).not.toContain('the same in all environments')
  expect(code).toBe(1)
})

test('the commands without a tarball are an error', async () => {
  const directory = project()
  writeFileSync(join(directory, 'compose.yaml'), 'services: { web: { image: nginx } }\n')
  writeFileSync(join(directory, 'landfall.yaml'), 'services: { web: { prepare: [bin/x] } }\n')
  const { code, stdout } = await landfall(directory, 'check', '.')
  expect(code).toBe(1)
  expect(stdout).toContain('prepare has no effect on web, which is not from a tarball')
})
