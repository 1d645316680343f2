import type { ImageBuild } from '@landfall/kube'
import { expect, test } from 'vitest'
import { inBuildOrder, withBuiltContexts } from './build-order.ts'

const build = (service: string, contexts: Record<string, string> = {}): ImageBuild => ({
  service,
  image: service,
  context: '/p',
  args: {},
  contexts,
})

test('an image that is a context of another build is built before it', () => {
  const last = build('a', { base: 'service:b', files: '/p/files' })
  const builds = [last, build('b', { base: 'service:c' }), build('c')]
  expect(inBuildOrder(builds).map(({ service }) => service)).toEqual(['c', 'b', 'a'])
  expect(withBuiltContexts(last, new Map([['b', 'r/b@sha256:1']])).contexts).toEqual({
    base: 'docker-image://r/b@sha256:1',
    files: '/p/files',
  })
})

test('a circle is not lost and does not run for ever', () => {
  const builds = [build('a', { b: 'service:b' }), build('b', { a: 'service:a' })]
  expect(inBuildOrder(builds)).toHaveLength(2)
})
