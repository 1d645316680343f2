import { renderDiagnostic } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import type { BundleDiagnostic } from '../manifest.ts'
import { readObjects } from './objects.ts'

function read(text: string) {
  const found: BundleDiagnostic[] = []
  const manifests = readObjects(text, 'a.yaml', (one) => found.push(one))
  const sources = new Map([['a.yaml', text]])
  const problems = found.map((one) => renderDiagnostic(one, sources).split('\n')[0])
  return { manifests, problems, objects: manifests.map(({ object }) => object) }
}

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n'

test('YAML is read as kubectl reads it: 1.1, without times and numbers to the base of 60', () => {
  const text = `${head}data: { on: yes, mode: 0644, day: 2026-01-31, time: 1:30, text: "no", merge: { <<: { a: 1 }, b: 2 } }\n`
  expect(read(text).objects[0]?.data).toEqual({
    true: true,
    mode: 420,
    day: '2026-01-31',
    time: '1:30',
    text: 'no',
    merge: { a: 1, b: 2 },
  })
})

test.each([
  ['.', '.'],
  ['09', 9],
  ['-010', -8],
  ['0x1F', 31],
  ['0o17', 15],
  ['1_000', 1000],
  ['1e3', 1000],
  ['.5', 0.5],
  ['1.', 1],
  ['+1', 1],
  ['1.2.3', '1.2.3'],
  ['12e', '12e'],
  ['0x', '0x'],
  ['_1', '_1'],
  ['~', ''],
  ['Off', false],
  ['y', true],
])('%s is what it is to Go', (text, expected) => {
  expect(read(`${head}data: { a: ${text} }\n`).objects[0]?.data).toEqual({ a: expected })
})

test('documents, Lists and anchors; empty documents are none', () => {
  const text = `# a comment\n---\n---\n${head}---\napiVersion: v1\nkind: ConfigMapList\nitems:\n- &x\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: b }\n---\nnull\n`
  const { objects, problems, manifests } = read(text)
  expect(problems).toEqual([])
  expect(objects.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
  expect(text.slice(manifests[1]?.at(['metadata', 'name']).start)).toMatch(/^b \}/)
})

test('what servers write and what has no value is not part of an object', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, creationTimestamp: null, uid: 1-2, resourceVersion: "7", managedFields: [] }
spec: { strategy: {}, template: { spec: { volumes: null } } }
status: {}
---
${head}data: { empty: null }
`
  expect(read(text).objects).toEqual([
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { strategy: {}, template: { spec: {} } },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { empty: '' } },
  ])
})

test('a text that is nested too deeply for a reader is an error', () => {
  const { problems } = read(`a: ${'['.repeat(20_000)}`)
  expect(problems[0]).toContain('this is not valid YAML: it is nested too deeply')
})

test.each([
  ['a: [', 'a.yaml:1:5: error: this is not valid YAML: '],
  ['a: 1\na: 2\n', 'a.yaml:2:1: error: this is not valid YAML: '],
  [`${head}data: *missing\n`, 'a.yaml:1:1: error: this is not valid YAML: Unresolved alias'],
  ['- 1\n', 'a.yaml:1:1: error: this is not a Kubernetes object'],
  ['services: { web: {} }\n', 'a.yaml:1:1: error: a Kubernetes object has an apiVersion'],
  ['apiVersion: v1\nspec: 1\n', 'a.yaml:1:1: error: a Kubernetes object has a kind'],
  [
    'apiVersion: v1\nkind: Pod\nmetadata: { generateName: x- }\n',
    'a.yaml:3:11: error: the Pod has no name',
  ],
  [
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
    'a.yaml:2:7: error: a Kustomization is for kustomize',
  ],
  [
    'apiVersion: v1\nkind: List\nitems:\n  - kind: Pod\n',
    'a.yaml:4:5: error: a Kubernetes object has an apiVersion',
  ],
  [
    `${head}data: { id: 12345678901234567890 }\n`,
    'a.yaml:4:13: error: the number is too large to be kept exactly',
  ],
])('%j is reported where it is', (text, expected) => {
  const { problems, objects } = read(text)
  expect(problems[0]?.startsWith(expected), problems[0]).toBe(true)
  expect(objects).toEqual([])
})
