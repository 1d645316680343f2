import { expect, test } from 'vitest'
import { APPLIED_ANNOTATION, projectSource, RELEASE_LABEL, releaseObject } from './release.ts'

const key = new Uint8Array(32)
const shop = { release: 'shop', namespace: 'shop-test' }
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'keys', labels: { a: 'b' } },
  data: { old: 'eA==' },
  stringData: { password: 'ü' },
}

test('an object gets its namespace, the label of its release and the hash of its content', () => {
  const { metadata } = releaseObject(secret, shop, true, key)
  expect(metadata.namespace).toBe('shop-test')
  expect(metadata.labels).toEqual({ a: 'b', [RELEASE_LABEL]: 'shop' })
  expect(metadata.annotations?.[APPLIED_ANNOTATION]).toMatch(/^[0-9a-f]{32}$/)
  expect(releaseObject(secret, shop, false, key).metadata.namespace).toBeUndefined()
})

test('the hash depends on the content alone', () => {
  const hash = (object: typeof secret, namespace: string) =>
    releaseObject(object, { release: 'shop', namespace }, true, key).metadata.annotations?.[
      APPLIED_ANNOTATION
    ]
  expect(hash(secret, 'a')).toBe(hash(secret, 'b'))
  expect(hash(secret, 'a')).not.toBe(hash({ ...secret, stringData: { password: 'u' } }, 'a'))
})

test('the text of a Secret becomes its data', () => {
  const applied = releaseObject(secret, shop, true, key)
  expect(applied.data).toEqual({ old: 'eA==', password: 'w7w=' })
  expect(applied).not.toHaveProperty('stringData')
})

test('a container of another service than its object says so', () => {
  const annotations = {
    'landfall.dev/source': 'compose.yaml#/services/vpn',
    'landfall.dev/source.web': 'compose.yaml#/services/web',
  }
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'vpn', annotations },
  }
  expect(projectSource(object)).toBe('compose.yaml#/services/vpn')
  expect(projectSource(object, 'web')).toBe('compose.yaml#/services/web')
  expect(projectSource(object, 'vpn')).toBe('compose.yaml#/services/vpn')
  expect(projectSource(undefined, 'web')).toBeUndefined()
})
