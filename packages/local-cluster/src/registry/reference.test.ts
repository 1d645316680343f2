import { expect, test } from 'vitest'
import { parseReference } from './reference.ts'

test.each([
  ['redis', { host: 'docker.io', repository: 'library/redis', tag: 'latest' }],
  ['redis:7', { host: 'docker.io', repository: 'library/redis', tag: '7' }],
  ['docker.io/redis:7', { host: 'docker.io', repository: 'library/redis', tag: '7' }],
  ['index.docker.io/redis', { host: 'docker.io', repository: 'library/redis', tag: 'latest' }],
  ['curlimages/curl:8.14.1', { host: 'docker.io', repository: 'curlimages/curl', tag: '8.14.1' }],
  ['ghcr.io/a/b__c-d:v1', { host: 'ghcr.io', repository: 'a/b__c-d', tag: 'v1' }],
  ['localhost:5000/shop', { host: 'localhost:5000', repository: 'shop', tag: 'latest' }],
  ['localhost/shop', { host: 'localhost', repository: 'shop', tag: 'latest' }],
  ['shop@sha256:ab', { host: 'docker.io', repository: 'library/shop', digest: 'sha256:ab' }],
  ['a/b:1@sha256:ab', { host: 'docker.io', repository: 'a/b', tag: '1', digest: 'sha256:ab' }],
])('%s is taken apart', (image, expected) => {
  expect(parseReference(image)).toEqual(expected)
})

test.each(['', 'Redis', 'redis:', 'redis:7:8', 'a//b', 'redis:-x', '/x'])(
  '"%s" is no image name',
  (image) => {
    expect(() => parseReference(image)).toThrow('is not an image name')
  },
)
