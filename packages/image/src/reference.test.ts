import { expect, test } from 'vitest'
import { parseImageReference } from './index.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

test.each([
  ['redis', { host: 'docker.io', repository: 'library/redis', tag: 'latest' }],
  ['redis:7.0-alpine', { host: 'docker.io', repository: 'library/redis', tag: '7.0-alpine' }],
  ['index.docker.io/bitnami/redis:7', { host: 'docker.io', repository: 'bitnami/redis', tag: '7' }],
  ['docker.io/redis', { host: 'docker.io', repository: 'library/redis', tag: 'latest' }],
  ['ghcr.io/a/b_c/d', { host: 'ghcr.io', repository: 'a/b_c/d', tag: 'latest' }],
  ['localhost/x:1', { host: 'localhost', repository: 'x', tag: '1' }],
  ['localhost:5000/x/y', { host: 'localhost:5000', repository: 'x/y', tag: 'latest' }],
  ['[::1]:5000/x', { host: '[::1]:5000', repository: 'x', tag: 'latest' }],
  [`q.io/x@${DIGEST}`, { host: 'q.io', repository: 'x', digest: DIGEST }],
  [`q.io/x:1@${DIGEST}`, { host: 'q.io', repository: 'x', tag: '1', digest: DIGEST }],
])('%s', (name, parts) => {
  expect(parseImageReference(name)).toEqual(parts)
})

test.each(['', 'Redis', 'redis:', 'redis:a b', 'a//b', 'redis@sha256:12', '$IMAGE', 'a/b:c:d'])(
  '%j is not a valid image name',
  (name) => {
    expect(parseImageReference(name)).toBeUndefined()
  },
)
