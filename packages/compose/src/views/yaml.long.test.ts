import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadProject, memoryFiles } from '../index.ts'
import { listNode, mapNode, textNode } from '../tree/node.ts'
import { printYaml } from './yaml.ts'

/** Go writes the line breaks of YAML 1.1 bare into quotes; characters that YAML forbids are no texts. */
const notRead = /[\u2028\u2029\ufffe\uffff]/

test('whatever a text holds, it is read back as it was', () => {
  const piece = fc.constantFrom(
    ...[' ', '\n', '\t', 'a', ':', '#', '-', '?', '"', "'", '\\', '~', '1', '.', '😀'],
  )
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !notRead.test(text)),
  )
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 5 }), (values) => {
      const nodes = values.map((value) => textNode(value, []))
      const service = mapNode([], [['image', textNode('i', [])]])
      const printed = printYaml(
        mapNode(
          [],
          [
            ['services', mapNode([], [['s', service]])],
            ['x-texts', listNode([], nodes)],
          ],
        ),
      )
      const { project } = loadProject({
        files: memoryFiles({ '/p/compose.yaml': printed.replaceAll('$', '$$$$') }),
        workingDirectory: '/p',
        environment: {},
      })
      expect(project?.['x-texts']).toEqual(values)
    }),
    { numRuns: 300 },
  )
})
