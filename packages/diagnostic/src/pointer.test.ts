import { expect, test } from 'vitest'
import { displayPath, fromPointer, originOf, setValueAt, toPointer, valueAt } from './index.ts'

test('pointers round trip with slashes, tildes and empty keys', () => {
  const path = ['services', 'a/b~c', '', '0']
  expect(fromPointer(toPointer(path))).toEqual(path)
})

test('a pointer is shown the way people write paths', () => {
  expect(displayPath('/services/web/ports/0')).toBe('services.web.ports[0]')
  expect(displayPath('/services/a.b/labels/x y')).toBe('services["a.b"].labels["x y"]')
})

test('values are read and set in place; a missing parent is a bug of the caller', () => {
  const document = { a: [{ b: 1 }] }
  setValueAt(document, '/a/0/b', 2)
  expect(valueAt(document, '/a/0/b')).toBe(2)
  expect(valueAt(document, '/a/7/b')).toBeUndefined()
  expect(() => setValueAt(document, '/x/y', 1)).toThrow('/x/y')
})

test('the origin of a value without one is that of its nearest parent', () => {
  const origin = { kind: 'default', rule: 'network' } as const
  expect(originOf(new Map([['/services/web', [origin]]]), '/services/web/ports/0')).toBe(origin)
  expect(originOf(new Map(), '/services')).toBeUndefined()
})
