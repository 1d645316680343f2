import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { projectShape } from './project.ts'
import type { MapShape, Shape } from './shape.ts'

/** The facts of a shape, one line for each place, as `cases/schema-facts.txt` has them of the published schema. */
function factsOf(shape: Shape, path: string): string[] {
  const facts = new Set<string>()
  const lines: string[] = []
  if (shape.text) facts.add('string')
  if (shape.values) facts.add(`one of ${shape.values.join(',')}`)
  if (shape.pattern) facts.add(`like ${shape.pattern.source}`)
  if (shape.number) facts.add(shape.number === 'any' ? 'number' : 'integer')
  if (shape.minimum !== undefined) facts.add(`from ${shape.minimum}`)
  if (shape.maximum !== undefined) facts.add(`to ${shape.maximum}`)
  if (shape.boolean) facts.add('boolean')
  if (shape.null) facts.add('null')
  if (shape.list) {
    facts.add('array')
    if (shape.list.unique) facts.add('unique')
    lines.push(...factsOf(shape.list.items, `${path}[]`))
  }
  if (shape.map) lines.push(...mappingFacts(shape.map, path, facts))
  return [...lines, `${path}: ${[...facts].sort().join('; ')}`]
}

function mappingFacts(map: MapShape, path: string, facts: Set<string>): string[] {
  facts.add('object')
  if (map.required?.length) facts.add(`needs ${[...map.required].sort().join(',')}`)
  if (map.extensible) facts.add('x-')
  if (map.open) facts.add('open')
  const lines = Object.entries(map.fields ?? {}).flatMap(([key, field]) =>
    factsOf(field, `${path}.${key}`),
  )
  if (map.names === undefined) return lines
  const everyName = map.names.pattern.test('any: name')
  if (!everyName) facts.add(`names like ${map.names.pattern.source}`)
  return [...lines, ...factsOf(map.names.shape, `${path}.*`)]
}

test('the shape takes exactly what the schema of compose-go 2.9.1 takes', () => {
  const recorded = readFileSync(new URL('../../cases/schema-facts.txt', import.meta.url), 'utf8')
  expect(factsOf(projectShape, '$').sort()).toEqual(recorded.trimEnd().split('\n'))
})
