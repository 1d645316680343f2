import { expect, test } from 'vitest'
import type { BundleDiagnostic } from './manifest.ts'
import { namespaceOf, placeObjects, releaseNameOf } from './place-objects.ts'
import { readObjects } from './read/objects.ts'

const object = (name: string, metadata = '', kind = 'ConfigMap', more = '') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}${metadata} }\n${more}`

function manifestsOf(...texts: string[]) {
  return readObjects(texts.join('---\n'), 'a.yaml', (one) => {
    throw new Error(one.message)
  })
}

function place(texts: string[], namespace = 'shop', isGiven = false) {
  const found: BundleDiagnostic[] = []
  const manifests = placeObjects(
    manifestsOf(...texts),
    { release: 'shop', namespace },
    isGiven,
    (one) => found.push(one),
  )
  return { objects: manifests.map((one) => one.object), problems: found.map((one) => one.message) }
}

test('the name of a release is given, or what all objects are labelled with, or that of the place', () => {
  const labelled = (name: string, instance: string) =>
    object(name, `, labels: { app.kubernetes.io/instance: ${instance} }`)
  const all = manifestsOf(labelled('a', 'shop'), labelled('b', 'shop'), object('c'))
  expect(releaseNameOf(all, undefined, 'dir')).toBe('shop')
  expect(releaseNameOf(all, 'mine', 'dir')).toBe('mine')
  const two = manifestsOf(labelled('a', 'shop'), labelled('b', 'other'))
  expect(releaseNameOf(two, undefined, 'dir')).toBe('dir')
  expect(() => releaseNameOf(two, undefined, '-x')).toThrow('-x is not a valid name of a release')
})

test('the namespace is given, or that of the objects, or named as the release', () => {
  const named = manifestsOf(object('a', ', namespace: prod'), object('b'))
  expect(namespaceOf(named, undefined, 'shop')).toBe('prod')
  expect(namespaceOf(named, 'mine', 'shop')).toBe('mine')
  expect(namespaceOf(manifestsOf(object('b')), undefined, 'shop')).toBe('shop')
  const made = manifestsOf(object('prod', '', 'Namespace'), object('b'))
  expect(namespaceOf(made, undefined, 'shop')).toBe('prod')
})

test('other namespaces and objects that are there twice are errors', () => {
  const { objects, problems } = place([
    object('a', ', namespace: shop'),
    object('b', ', namespace: other'),
    object('a'),
    object('a', '', 'Secret'),
  ])
  expect(problems).toEqual([
    'ConfigMap b is in namespace other, and the release in shop: a release is in one namespace',
    'ConfigMap a is there twice',
  ])
  expect(objects.map(({ kind, metadata }) => [kind, metadata])).toEqual([
    ['ConfigMap', { name: 'a' }],
    ['Secret', { name: 'a' }],
  ])
})

test('the Namespace of the release is left out; what else it has is reported', () => {
  const plain = place([object('shop', '', 'Namespace'), object('a')])
  expect(plain.objects.map(({ kind }) => kind)).toEqual(['ConfigMap'])
  expect(plain.problems).toEqual([])
  expect(place([object('shop', ', labels: { a: b }', 'Namespace')]).problems).toEqual([
    'the labels and annotations of Namespace shop are not set: up creates the namespace',
  ])
})
