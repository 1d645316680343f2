import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readCases } from '@landfall/testkit/compose-oracle'
import { expect, test } from 'vitest'
import { readYaml } from '../source/yaml.ts'
import type { Node } from '../tree/node.ts'
import { projectShape } from './project.ts'
import type { Shape } from './shape.ts'

const cases = fileURLToPath(new URL('../../cases', import.meta.url))

/** Adds the places of the schema, and the kinds of values that stand there, that a tree touches. */
function touch(node: Node, shape: Shape, place: string, touched: Set<string>): void {
  touched.add(place)
  touched.add(`${place}: ${kindOf(node)}`)
  if (node.kind === 'list' && shape.list)
    for (const item of node.items) touch(item, shape.list.items, `${place}[]`, touched)
  if (node.kind !== 'map' || !shape.map) return
  const { fields = {}, names } = shape.map
  for (const [key, child] of node.entries)
    if (Object.hasOwn(fields, key)) touch(child, fields[key] as Shape, `${place}.${key}`, touched)
    else if (names?.pattern.test(key)) touch(child, names.shape, `${place}.*`, touched)
}

/** In the words of the schema. */
function kindOf(node: Node): string {
  if (node.kind === 'list') return 'array'
  if (node.kind === 'map') return 'object'
  if (node.type === 'int') return 'integer'
  if (node.type === 'float') return 'number'
  return node.type === 'bool' ? 'boolean' : node.type
}

const kinds = ['array', 'object', 'string', 'boolean', 'null', 'integer', 'number']

test('every place of the schema, in every form that it takes, is in a case that docker-compose was asked', () => {
  const touched = new Set<string>()
  for (const { cases: set } of readCases(cases))
    for (const { files } of set)
      for (const [name, text] of Object.entries(files))
        if (/\.ya?ml$/.test(name))
          for (const { root } of readYaml(text, name, () => undefined) ?? [])
            touch(root, projectShape, '$', touched)
  const facts = readFileSync(`${cases}/schema-facts.txt`, 'utf8').trimEnd().split('\n')
  const places = facts.flatMap((line) => {
    const [place = '', forms = ''] = line.split(': ')
    const taken = forms.split('; ').filter((form) => kinds.includes(form))
    return [place, ...taken.map((form) => `${place}: ${form}`)]
  })
  const number = (place: string) => place.replace(/: number$/, ': integer')
  expect(places.filter((one) => !touched.has(one) && !touched.has(number(one)))).toEqual([])
})
