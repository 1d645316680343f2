import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadProject, memoryFiles } from './index.ts'
import { projectShape } from './schema/project.ts'
import type { Shape } from './schema/shape.ts'

const odd = fc.constantFrom(null, true, -1, 1.5, '', '$X', [], {}, [{}], [null], { a: { b: [] } })
const texts = fc.constantFrom('a', 'b', '1', '5s', '1g', './a:/b', 'a:/b', '8080:80', 'service:a')

/** Values as the schema wants them, with some that it does not. */
function valuesOf(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  const forms: fc.Arbitrary<unknown>[] = [odd]
  if (shape.values) forms.push(fc.constantFrom(...shape.values))
  if (shape.text) forms.push(texts)
  if (shape.number) forms.push(fc.integer({ min: -1, max: 100 }))
  if (shape.boolean) forms.push(fc.boolean())
  if (depth === 0) return fc.oneof(...forms)
  if (shape.list) forms.push(fc.array(valuesOf(shape.list.items, depth - 1), { maxLength: 2 }))
  const { fields = {}, names } = shape.map ?? {}
  const entries = Object.entries(fields).map(([key, field]) => [key, valuesOf(field, depth - 1)])
  if (entries.length > 0) {
    const some = fc.record(Object.fromEntries(entries), { requiredKeys: [] })
    forms.push(some, some)
  }
  if (names !== undefined) {
    const named = fc.dictionary(texts, valuesOf(names.shape, depth - 1), { maxKeys: 3 })
    forms.push(named, named)
  }
  return fc.oneof(...forms)
}

test('whatever a file says, it gives a project or a reason, and never an exception', {
  timeout: 60_000,
}, () => {
  const file = valuesOf(projectShape, 6)
  fc.assert(
    fc.property(file, file, (first, second) => {
      const { project, diagnostics } = loadProject({
        files: memoryFiles({
          '/w/compose.yaml': JSON.stringify(first),
          '/w/compose.override.yaml': JSON.stringify(second),
        }),
        workingDirectory: '/w',
        environment: {},
      })
      expect(project !== undefined || diagnostics.length > 0).toBe(true)
    }),
    { numRuns: 60 },
  )
})
