import { expect, test } from 'vitest'
import { podNameIn } from './owner.ts'

const token = (claims: unknown): string =>
  ['{}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')

test('the pod of a token', () => {
  const pod = { name: 'worker-7d9f-x2x', uid: 'u1' }
  expect(podNameIn(token({ 'kubernetes.io': { namespace: 'fog', pod } }))).toBe('worker-7d9f-x2x')
})

test.each([token({}), token({ 'kubernetes.io': { pod: {} } }), token(null), 'opaque', ''])(
  'a token that is not bound to a pod: %s',
  (text) => {
    expect(podNameIn(text)).toBeUndefined()
  },
)
