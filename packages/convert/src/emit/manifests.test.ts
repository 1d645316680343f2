import type { Bundle } from '@landfall/kube'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { convert, everything } from '../test-conversion.ts'
import { emitManifests } from './manifests.ts'

const shop = (web = '', once = '') => `
services:
  web:
    image: nginx
    ports: ["8080:80"]
    environment: { TOKEN: abc, MODE: fast${web} }
    volumes: ["./web.conf:/etc/web.conf:ro"]
    depends_on: { api: { condition: service_started } }
  api:
    image: example/api
    expose: ["80"]
    environment: { PASSWORD: def }
    depends_on: { once: { condition: service_completed_successfully } }
  once: { image: busybox, restart: "no", environment: { A: b${once} } }
  other: { image: redis, volumes: ["data:/data"] }
volumes: { data: {} }
`

function manifestsOf(compose: string, file = 'one\n'): Map<string, string> {
  const { bundle } = convert(compose, { files: { '/shop/web.conf': file } })
  return emitManifests(bundle as Bundle, 'shop')
}

/** The files that differ. */
function changed(after: Map<string, string>): string[] {
  const before = manifestsOf(shop())
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort()
}

test.each([
  ['a variable', shop(', EXTRA: x'), undefined, ['deployment-web.yaml']],
  ['a secret', shop().replace('abc', 'xyz'), undefined, ['secret-web-environment.yaml']],
  ['a file', shop(), 'two\n', ['configmap-web-files.yaml', 'deployment-web.yaml']],
  [
    'a service before the others',
    shop().replace(
      'services:\n',
      'services:\n  aa: { image: busybox, command: sleep 1d, restart: always }\n',
    ),
    undefined,
    ['deployment-aa.yaml', 'service-aa.yaml'],
  ],
  ['a comment', `# a comment\n${shop()}`, undefined, []],
  [
    'a one-shot, whose Job has another name then',
    shop('', ', C: d'),
    undefined,
    ['configmap-landfall-gates.yaml', 'job-once.yaml', 'role-api-gate.yaml'],
  ],
])('%s changes only the files of what it is about', (_, compose, file, expected) => {
  expect(changed(manifestsOf(compose, file))).toEqual(expected)
})

test('the order of services in the project is not in the files', () => {
  const [head, ...services] = shop().split(/\n(?= {2}\w+:)/)
  const volumes = services.pop()?.split('\nvolumes')
  const turned = [head, ...[...services, volumes?.[0]].reverse()].join('\n')
  expect(changed(manifestsOf(`${turned}\nvolumes${volumes?.[1]}`))).toEqual([])
})

/** Keys of maps that the project fills, which are in its order or sorted. */
const FREE = new Set(['labels', 'annotations', 'matchLabels', 'data', 'stringData', 'nodeSelector'])

function expectReadable(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const keys = Object.keys(value)
  const first = keys.filter((key) => key !== 'apiGroup' && key !== 'kind' && key !== 'apiVersion')
  if (!Array.isArray(value) && 'name' in value && keys.length > 1) expect(first[0]).toBe('name')
  if (keys.includes('template')) expect(keys.at(-1)).toBe('template')
  for (const [key, child] of Object.entries(value)) if (!FREE.has(key)) expectReadable(child)
}

test('each object has a file that is called after it, and its keys are in the order in which people write them', () => {
  for (const compose of [shop(), everything])
    for (const [file, text] of manifestsOf(compose)) {
      const object = parse(text)
      expect(Object.keys(object).slice(0, 3)).toEqual(['apiVersion', 'kind', 'metadata'])
      expect(Object.keys(object.metadata).slice(0, 3)).toEqual(['name', 'namespace', 'labels'])
      // hashes of contents are left out: a changed content is a changed file
      const name = object.metadata.name.replace(/-[0-9a-f]{10}$/, '')
      expect(file).toBe(`${object.kind.toLowerCase()}-${name}.yaml`)
      expectReadable(object)
    }
})
