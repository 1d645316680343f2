import { expect, test } from 'vitest'
import { fillJson, fillReferences, isReferenceName, referencesIn } from './references.ts'

const values: Record<string, unknown> = { id: 7, name: 'a b', list: [1, 2], nothing: null }
const lookup = (name: string) => values[name]

test('references are found at any depth, and those behind a backslash are none', () => {
  expect(referencesIn({ a: ['x{{id}}y{{name}}', { b: '{{list}}' }], c: 1 })).toEqual([
    'id',
    'name',
    'list',
  ])
  expect(referencesIn(`\\{{id}} \${id} {id} {{ id }} {{.Names}} {{1}} { me { id } }`)).toEqual([])
})

test('values become part of a text', () => {
  expect(fillReferences('/orders/{{id}}?n={{name}}&l={{list}}', lookup)).toBe(
    '/orders/7?n=a b&l=[1,2]',
  )
  expect(fillReferences('\\{{id}} is {{id}}', lookup)).toBe('{{id}} is 7')
})

test('a text that is one reference keeps the type of the value', () => {
  expect(fillJson({ id: '{{id}}', text: 'no {{id}}', all: ['{{nothing}}'] }, lookup)).toEqual({
    id: 7,
    text: 'no 7',
    all: [null],
  })
})

test('a captured value is never read for references', () => {
  expect(fillReferences('{{a}}', () => '{{b}}')).toBe('{{b}}')
})

test('names', () => {
  expect(['id', 'order-id', '_x', '1', '', 'a b', 'a.b'].filter(isReferenceName)).toEqual([
    'id',
    'order-id',
    '_x',
  ])
})
