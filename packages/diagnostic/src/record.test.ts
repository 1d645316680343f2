import { expect, test } from 'vitest'
import { setValueAt, valueAt } from './pointer.ts'
import { ownValue, recordOf, withRecords } from './record.ts'

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']

test.each(names)('%s is a name like any other', (name) => {
  const record = recordOf<unknown>()
  expect(record[name]).toBeUndefined()
  record[name] = { polluted: true }
  expect(Object.keys(record)).toEqual([name])
  expect(record.polluted).toBeUndefined()
  expect(ownValue({}, name)).toBeUndefined()
  expect(ownValue(JSON.parse(`{"${name}":1}`), name)).toBe(1)
})

test.each(names)('a value at %s is found where there is one, and set there', (name) => {
  expect(valueAt({ a: {} }, `/a/${name}`)).toBeUndefined()
  const document = { a: {} }
  setValueAt(document, `/a/${name}`, { polluted: true })
  expect(valueAt(document, `/a/${name}`)).toEqual({ polluted: true })
  expect(Object.keys(document.a)).toEqual([name])
  expect((document.a as { polluted?: true }).polluted).toBeUndefined()
  expect(() => setValueAt({}, `/${name}/x`, 1)).toThrow('no parent')
})

test('a copy of records has the same content at every depth', () => {
  const value = JSON.parse('{"__proto__":{"constructor":[{"toString":1},null,"x"]}}')
  const copy = withRecords(value)
  expect(JSON.stringify(copy)).toBe(JSON.stringify(value))
  expect(copy.hasOwnProperty).toBeUndefined()
  expect(ownValue(copy, '__proto__')).not.toHaveProperty('valueOf')
})
