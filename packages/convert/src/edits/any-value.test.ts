import { fromPointer, toPointer, valueAt } from '@landfall/diagnostic'
import fc from 'fast-check'
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { toYaml } from '../emit/yaml.ts'
import { without } from './change/tree.ts'
import { deleteValue, setValue } from './edit.ts'

type Scalar = string | number | boolean

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...`'"\\/:#{}[], \t\n=<&é`) }),
  fc.integer(),
  fc.boolean(),
)
const key = fc.oneof(fc.stringMatching(/^[a-z~/ '"]{1,4}$/), fc.nat(20).map(String))
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}))
const mapping = fc
  .dictionary(key, tree, { minKeys: 1, maxKeys: 4 })
  .map((value): unknown => JSON.parse(JSON.stringify(value)))

/** The pointers of all scalars. */
function leaves(value: unknown, path: string[] = []): string[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, child]) => leaves(child, [...path, name]))
    : [toPointer(path)]
}

/** A value of the same type. */
function another(value: unknown): fc.Arbitrary<Scalar> {
  return scalar.filter((one) => typeof one === typeof value)
}

function replaced(value: unknown, path: readonly string[], by: Scalar): unknown {
  const [first, ...rest] = path
  if (first === undefined) return by
  return Array.isArray(value)
    ? value.map((item, index) => (String(index) === first ? replaced(item, rest, by) : item))
    : Object.fromEntries(
        Object.entries(value as object).map(([name, child]) => [
          name,
          name === first ? replaced(child, rest, by) : child,
        ]),
      )
}

function tomlOf(value: unknown): string {
  const inline = (one: unknown): string => {
    if (Array.isArray(one)) return `[${one.map(inline).join(', ')}]`
    if (typeof one !== 'object' || one === null) return JSON.stringify(one)
    return `{ ${members(one).join(', ')} }`
  }
  const members = (one: object) =>
    Object.entries(one).map(([name, child]) => `${JSON.stringify(name)} = ${inline(child)}`)
  return members(value as object).join('\n')
}

const edits = mapping
  .filter((value) => leaves(value).length > 0)
  .chain((value) =>
    fc
      .constantFrom(...leaves(value))
      .chain((pointer) =>
        another(valueAt(value, pointer)).map((next) => ({ value, pointer, next })),
      ),
  )

const formats = [
  ['json', (value: unknown) => JSON.stringify(value), (text: string) => JSON.parse(text)],
  [
    'json',
    (value: unknown) => JSON.stringify(value, null, '\t'),
    (text: string) => JSON.parse(text),
  ],
  ['yaml', toYaml, (text: string) => parse(text)],
  ['toml', tomlOf, (text: string) => getStaticTOMLValue(parseTOML(text))],
] as const

test.each(formats)('a value of any %s file is replaced, and no other %#', (format, print, read) => {
  fc.assert(
    fc.property(edits, ({ value, pointer, next }) => {
      const edited = setValue(print(value), format, pointer, next)
      expect(edited).toHaveProperty('text')
      expect(read((edited as { text: string }).text)).toEqual(
        replaced(value, fromPointer(pointer), next),
      )
    }),
    { numRuns: 100 },
  )
})

test.each(formats)('a value of any %s file is deleted and set again %#', (format, print, read) => {
  fc.assert(
    fc.property(edits, ({ value, pointer }) => {
      const path = fromPointer(pointer)
      const before = valueAt(value, pointer)
      const deleted = deleteValue(print(value), format, pointer)
      expect(deleted).toHaveProperty('text')
      const { text } = deleted as { text: string }
      expect(read(text)).toEqual(without(value, path))
      // An item of a list comes back at its end.
      const above = valueAt(value, toPointer(path.slice(0, -1)))
      if (Array.isArray(above) && Number(path.at(-1)) < above.length - 1) return
      const again = setValue(text, format, pointer, before)
      expect(again).toMatchObject({ added: true })
      expect(read((again as { text: string }).text)).toEqual(value)
    }),
    { numRuns: 150 },
  )
})
