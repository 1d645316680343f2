import { expect, test } from 'vitest'
import { serviceFields } from './service.ts'
import { suggest } from './suggest.ts'

test.each([
  ['enviroment', 'environment'],
  ['imagee', 'image'],
  ['Image', 'image'],
  ['dependsOn', 'depends_on'],
  ['depend_on', 'depends_on'],
  ['env-file', 'env_file'],
  ['volume', 'volumes'],
  ['prots', 'ports'],
  ['heathcheck', 'healthcheck'],
  ['img', 'image'],
])('%s is probably %s', (word, meant) => {
  expect(suggest(word, Object.keys(serviceFields))).toBe(meant)
})

test('a word of its own is taken for nothing else', () => {
  expect(suggest('replicas', Object.keys(serviceFields))).toBeUndefined()
})

test('a part of one known word is that word; a part of several is none', () => {
  const conditions = ['service_started', 'service_healthy', 'service_completed_successfully']
  expect(suggest('healthy', conditions)).toBe('service_healthy')
  expect(suggest('service', conditions)).toBeUndefined()
})
