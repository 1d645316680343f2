import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const packages = new URL('../packages/', import.meta.url)

/** What each package may import of ours: the table of docs/architecture.md. */
const mayImport: Record<string, string[]> = {
  diagnostic: [],
  compose: ['diagnostic'],
  image: ['diagnostic'],
  kube: ['diagnostic'],
  convert: ['diagnostic', 'compose', 'image', 'kube'],
  containerize: [],
  deploy: ['diagnostic', 'kube'],
  'local-cluster': ['diagnostic', 'image', 'kube'],
  rehearsal: ['kube'],
  keeper: ['kube'],
  'fogflow-worker': ['kube'],
  dashboard: ['compose', 'convert', 'deploy', 'kube'],
  cli: [
    'diagnostic',
    'compose',
    'image',
    'kube',
    'convert',
    'containerize',
    'deploy',
    'local-cluster',
    'rehearsal',
    'dashboard',
  ],
  testkit: ['kube', 'local-cluster'],
  fidelity: ['diagnostic', 'compose'],
}

const found = readdirSync(packages)

test('every package has its row in the table', () => {
  expect(found.filter((name) => mayImport[name] === undefined)).toEqual([])
})

test.each(found)('%s imports nothing of ours but what the table allows', (name) => {
  const allowed = (mayImport[name] ?? []).map((other) => `@landfall/${other}`)
  const manifest = JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), 'utf8'))
  const declared = Object.keys(manifest.dependencies ?? {}).filter((other) =>
    other.startsWith('@landfall/'),
  )
  expect(declared.filter((other) => !allowed.includes(other))).toEqual([])

  const reached = new Set<string>()
  for (const file of readdirSync(new URL(`${name}/src`, packages), {
    recursive: true,
    encoding: 'utf8',
  })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file.includes('api-tests/')) continue
    const text = readFileSync(new URL(`${name}/src/${file}`, packages), 'utf8')
    for (const [, other] of text.matchAll(/from '(@landfall\/[a-z-]+)(?:\/[^']*)?'/g))
      if (other !== undefined) reached.add(other)
    for (const [, path] of text.matchAll(/from '((?:\.\.\/)+)packages\//g))
      reached.add(`a path out of the package: ${path}`)
  }
  expect([...reached].filter((other) => !declared.includes(other))).toEqual([])
})
