import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  keepOnFailure,
  landfall,
  landfallOnCluster,
  repository,
  run,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Forms of Compose files that Docker reads, and forms that it refuses.

const namespace = testNamespace('e2e-loader')
const project = fileURLToPath(new URL('project', import.meta.url))
const scratch = await mkdtemp(`${tmpdir()}/landfall-loader-`)
afterAll(() => rm(scratch, { recursive: true, force: true }))

/** The file ends within the block, without a line feed. */
const BLOCKS = `services:
  web:
    environment:
      BLOCK: |-
        one
        two
      LITERAL: |
        three`

beforeAll(async () => {
  await writeFile(`${scratch}/blocks.yaml`, BLOCKS)
  const files = [`${project}/compose.yaml`, `${scratch}/blocks.yaml`]
  await landfallOnCluster(
    namespace,
    'up',
    files.flatMap((file) => ['-f', file]),
  )
})

async function environmentOf(service: string): Promise<string> {
  keepOnFailure(namespace)
  const command = ['exec', `deployment/${service}`, '-c', service, '--', 'sh', '-c']
  const print = 'printf "%s|" "$OF_WEB" "$OF_SIBLING" "$BLOCK" "$LITERAL" "$FROM" "$MORE"'
  return namespace.kubectl([...command, print])
}

test('a service extends its own name in another file, which extends a sibling there', async () => {
  expect(await environmentOf('web')).toBe('1|2|one\ntwo|three|||')
})

test('an included project has its own variables and files of variables', async () => {
  expect(await environmentOf('included')).toBe('||||part|more|')
})

test('pipes and devices are read as files', async () => {
  const compose = 'name: piped\nservices:\n  a: { image: busybox, env_file: [/dev/null] }\n'
  await writeFile(`${scratch}/a.yaml`, compose)
  const script = '"$1" config -f <(cat "$2")'
  const args = ['-c', script, 'bash', `${repository}landfall`, `${scratch}/a.yaml`]
  const { code, stdout, stderr } = await run('bash', args, { cwd: scratch })
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('name: piped')
})

const web = 'name: refused\nservices:\n  web: { image: busybox, KEYS }\n'

test.each([
  [
    'a second file with empty services',
    web.replace(', KEYS', ''),
    'services:\n',
    'must be a mapping',
  ],
  [
    'a network whose name is that of an extension',
    `${web.replace('KEYS', 'networks: [x-a]')}networks: { x-a: {} }\n`,
    undefined,
    'names begin with "x-"',
  ],
  [
    'a limit without a number',
    web.replace('KEYS', 'ulimits: { nofile: "" }'),
    undefined,
    'is not a whole number',
  ],
  [
    'a service that is only extended from and not valid',
    web.replace('image: busybox, KEYS', 'extends: { file: second.yaml, service: base }'),
    'services:\n  base: { image: busybox, imagee: x }\n',
    'imagee',
  ],
] as const)('%s is refused with its place', async (_name, first, second, prints) => {
  await writeFile(`${scratch}/first.yaml`, first)
  await writeFile(`${scratch}/second.yaml`, second ?? '')
  const also = second !== undefined && !first.includes('extends') ? ['-f', 'second.yaml'] : []
  const checked = await landfall(['check', '-f', 'first.yaml', ...also], { cwd: scratch })
  expect(checked.code).toBe(1)
  expect(checked.stdout).toMatch(/^(first|second)\.yaml:\d+:\d+: error: /)
  expect(checked.stdout).toContain(prints)
})
