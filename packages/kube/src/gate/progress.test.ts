import { expect, test } from 'vitest'
import { readGateLine } from './progress.ts'

test.each([
  ['waiting for db (5432): nothing answers', 'db', ['5432'], 'nothing answers'],
  ['pod web-1: waiting for db (5432 5433): not ready', 'db', ['5432', '5433'], 'not ready'],
  ['waiting for job/migrate: not complete', 'migrate', [], 'not complete'],
  ['waiting for redis-1: no pod of it is ready', 'redis-1', [], 'no pod of it is ready'],
  ['waiting for http://consul:8500/v1/x?a: it answers 500', 'consul', ['8500'], 'it answers 500'],
])('the line of a gate: %s', (line, name, ports, why) => {
  expect(readGateLine(line)).toEqual({ name, ports, why })
})

test('a line that names nobody is left alone', () => {
  expect(readGateLine('is being made')).toBeUndefined()
})
