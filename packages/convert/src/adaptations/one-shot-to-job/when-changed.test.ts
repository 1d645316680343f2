import { expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

const compose = `services:
  seed: { image: x }
  db: { image: y }
`

function jobOf(
  whenChanged: string[],
  {
    files = { '/shop/seed.sql': 'a', '/shop/keys/one': '1' },
    environment = { TARGET: 'a', DB_PASSWORD: 'correct-horse-battery' },
    address = '10.0.0.1',
  }: {
    files?: Record<string, string>
    environment?: Record<string, string>
    address?: string
  } = {},
) {
  const { bundle, diagnostics } = convert(compose, {
    files,
    environment,
    settings: {
      services: { seed: { oneShot: { again: { whenChanged } } } },
      external: { mysql: { address, ports: [3306] } },
    },
  })
  return {
    hash: JSON.stringify(bundle?.objects.get('job/seed')?.spec.template.metadata.annotations ?? {}),
    externals: bundle?.derived.flatMap(({ inputs, at }) =>
      at.some(({ object }) => object === 'job/seed') ? inputs.map(({ object }) => object) : [],
    ),
    problems: diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message),
  }
}

test.each([
  ['a file', ['./seed.sql'], { files: { '/shop/seed.sql': 'b', '/shop/keys/one': '1' } }],
  [
    'a file in a directory',
    ['./keys'],
    { files: { '/shop/seed.sql': 'a', '/shop/keys/one': '2' } },
  ],
  [
    'a new file in it',
    ['./keys'],
    { files: { '/shop/seed.sql': 'a', '/shop/keys/one': '1', '/shop/keys/two': '' } },
  ],
  ['a variable', ['TARGET'], { environment: { TARGET: 'b' } }],
  ['the same, as it is written in Compose', ['$TARGET'], { environment: { TARGET: 'b' } }],
])('%s makes another Job, and nothing else does', (_, names, changed) => {
  const before = jobOf(names)
  expect(before.problems).toEqual([])
  expect(before.hash).toContain('when-changed')
  expect(jobOf(names).hash).toBe(before.hash)
  expect(jobOf(names, changed).hash).not.toBe(before.hash)
})

test('what is not named does not count', () => {
  const changed = { files: { '/shop/seed.sql': 'b', '/shop/keys/one': '1' } }
  expect(jobOf(['./keys'], changed).hash).toBe(jobOf(['./keys']).hash)
})

test('an external service counts by its target', () => {
  const { externals, problems } = jobOf(['mysql'])
  expect(problems).toEqual([])
  expect(externals).toContain('endpointslice/mysql')
})

test.each([
  [['./missing'], 'there is no file or directory ./missing'],
  [['NOBODY'], 'NOBODY is not a file, not a variable that is set, and not in external'],
  [['DB_PASSWORD'], 'DB_PASSWORD is a secret, whose hash would be in the objects'],
])('%s: %s', (names, message) => {
  expect(jobOf(names).problems).toEqual([message])
})

test('a file that holds a secret is refused', () => {
  const files = { '/shop/.env': 'DB_PASSWORD=correct-horse-battery\n' }
  expect(jobOf(['./.env'], { files }).problems).toEqual([
    './.env holds a secret, whose hash would be in the objects',
  ])
})
