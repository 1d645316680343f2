import { type Bundle, FILLED_FROM_ANNOTATION, type KubeObject, readFillSteps } from '@landfall/kube'
import { expect, test } from 'vitest'
import { convert } from '../../../test-conversion.ts'

const COMPOSE = `
services:
  app:
    image: busybox:1.35
    command: sleep 1d
    volumes: [./config:/config, ./media:/media, ./state/app.db:/var/lib/app/app.db]
`
const SETTINGS = {
  volumes: {
    './config': { as: 'storage' },
    './media': { as: 'storage' },
    './state/app.db': { as: 'storage' },
  },
} as const

function bundleWith(media: string): Bundle {
  const files = {
    '/shop/config/app.ini': 'a',
    '/shop/media/one.bin': media,
    '/shop/state/app.db': 'b',
  }
  return convert(COMPOSE, { files, settings: SETTINGS }).bundle as Bundle
}

const podOf = (bundle: Bundle): KubeObject['spec'] =>
  bundle.objects.get('deployment/app')?.spec.template.spec

test('trees in objects are kept in step by one container; a tree that is copied is awaited by another', () => {
  const bundle = bundleWith('x'.repeat(9 * 1024 * 1024))
  const [fill, wait] = podOf(bundle).initContainers
  expect([fill.name, wait.name]).toEqual(['landfall-fill', 'wait-for-copy-of-media'])
  expect(readFillSteps(fill)).toEqual([
    { verb: 'fill', place: 0, id: 'data', path: 'data', shown: './config' },
    { verb: 'fill', place: 2, id: 'data', path: 'data', shown: './state' },
  ])
  const [upload] = bundle.uploads
  expect(upload).toMatchObject({ claim: 'media', source: '/shop/media', files: 1 })
  expect(readFillSteps(wait)).toEqual([
    {
      verb: 'await',
      place: 1,
      id: 'data',
      path: 'data',
      shown: './media',
      digest: upload?.digest,
    },
  ])
  const annotations = bundle.objects.get('deployment/app')?.metadata.annotations
  expect(annotations?.[FILLED_FROM_ANNOTATION]).toBe('["./config","./media","./state/app.db"]')
})

test('each step has the whole claim at its place; the script and each tree are in objects once', () => {
  const bundle = bundleWith('small')
  const { initContainers, volumes } = podOf(bundle)
  const mounts: KubeObject[] = initContainers[0].volumeMounts
  expect(mounts.map(({ mountPath, subPath }) => [mountPath, subPath])).toEqual([
    ['/landfall/files', undefined],
    ['/landfall/volumes/0', undefined],
    ['/landfall/volumes/1', undefined],
    ['/landfall/volumes/2', undefined],
  ])
  for (const { name } of mounts)
    expect(volumes.map((volume: KubeObject) => volume.name)).toContain(name)
  expect(bundle.objects.get('configmap/landfall-fill')?.data['fill.sh']).toContain('umask 0')
  const objects = [...bundle.objects.keys()].filter((role) => role.startsWith('configmap/'))
  expect(objects.sort()).toEqual([
    'configmap/config-tree',
    'configmap/landfall-fill',
    'configmap/media-tree',
    'configmap/state-app-db-tree',
  ])
  const { sources } = volumes.find(({ name }: KubeObject) => name === 'files').projected
  expect(
    sources.map(({ configMap }: KubeObject) => [configMap.name, configMap.items[0].path]),
  ).toEqual([
    ['landfall-fill', 'fill.sh'],
    ['config-tree', '0/tree.tar.gz.001'],
    ['media-tree', '1/tree.tar.gz.001'],
    ['state-app-db-tree', '2/tree.tar.gz.001'],
  ])
  expect(bundle.uploads).toEqual([])
})
