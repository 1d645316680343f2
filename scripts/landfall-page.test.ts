import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { examples } from '../packages/convert/src/settings/schema/examples.ts'
import { type Schema, validate } from '../packages/convert/src/settings/validate.ts'
import { landfallKeys } from './landfall-page.ts'
import { landfallSchema } from './landfall-schema.ts'

const schema: Schema = JSON.parse(landfallSchema())
const keys = landfallKeys()

/** A landfall.yaml that has an effect, a check or the settings of a service. */
const INSIDE = {
  file: (one: unknown) => one,
  site: (one: unknown) => ({ sites: { edge: one } }),
  service: (one: unknown) => ({ services: { web: one } }),
  effect: (one: unknown) => ({ services: { web: { waitsFor: [one] } } }),
  check: (one: unknown) => ({ checks: { shop: one } }),
}

test.each(keys.map(({ section, path }): [string, string] => [section, path]))(
  'the key %s %s has an example, which the schema allows',
  (section, path) => {
    const known = section as keyof typeof examples
    const example = examples[known][path]
    if (example === undefined) throw new Error('add it to settings/schema/examples.ts')
    const value = path
      .split('.')
      .reduceRight<unknown>((inner, key) => ({ [key]: inner }), parse(example))
    expect(validate(INSIDE[known](value), schema)).toEqual([])
  },
)

test('no example is of a key that is not there', () => {
  const there = new Set(keys.map(({ section, path }) => `${section} ${path}`))
  const written = Object.entries(examples).flatMap(([section, all]) =>
    Object.keys(all).map((path) => `${section} ${path}`),
  )
  expect(written.filter((one) => !there.has(one))).toEqual([])
})
