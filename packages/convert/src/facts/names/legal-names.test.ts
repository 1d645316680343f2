import { expect, test } from 'vitest'
import { allocateNames, nameBeside } from './legal-names.ts'

test('legal names stay, others become the nearest legal one', () => {
  const names = allocateNames(['db', 'Redis', 'cloud_broker', '1st', 'db.local'])
  expect(Object.fromEntries(names)).toEqual({
    db: 'db',
    Redis: 'redis',
    cloud_broker: 'cloud-broker',
    '1st': 's-1st',
    'db.local': 'db-local',
  })
})

test('two names that become one stay two, whatever the order in which they come', () => {
  const one = allocateNames(['a_b', 'a-b', 'a.b'])
  expect(new Set(one.values()).size).toBe(3)
  expect(one.get('a-b')).toBe('a-b')
  expect(allocateNames(['a.b', 'a-b', 'a_b'])).toEqual(one)
})

test('a settled name is not given to another', () => {
  const names = allocateNames(['data.store'], new Map([['data_store', 'data-store']]))
  expect(names.get('data.store')).toMatch(/^data-store-[0-9a-f]{6}$/)
})

test('a name beside another is legal, and never that of a peer', () => {
  expect(nameBeside('web', 'published', () => false)).toBe('web-published')
  expect(nameBeside('web', 'published', (name) => name === 'web-published')).toBe('web-published-2')
  expect(nameBeside('x'.repeat(63), 'published', () => false)).toHaveLength(63)
})
