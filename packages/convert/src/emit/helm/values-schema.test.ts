import type { Parameter } from '@landfall/kube'
import { expect, test } from 'vitest'
import { valuesSchema } from './values-schema.ts'

const LONG =
  'a description of such a length that a reference to its schema is shorter than the schema itself would be'

const parameter = (path: string[], schema: object, description = LONG): Parameter => ({
  ...{ path, description, default: '', at: [] },
  schema: schema as Record<string, unknown>,
})

function schemaOf(...parameters: Parameter[]) {
  return JSON.parse(valuesSchema(parameters, 'Values of shop'))
}

test('a schema that several services have is written once, one of its own where it is', () => {
  const { properties, definitions } = schemaOf(
    parameter(['services', 'api', 'replicas'], { type: 'integer', minimum: 0 }),
    parameter(['services', 'web', 'replicas'], { type: 'integer', minimum: 0 }),
    parameter(['services', 'db', 'replicas'], { type: 'integer', maximum: 1 }),
  )
  expect(definitions).toEqual({
    replicas: { type: 'integer', minimum: 0, description: LONG },
  })
  const { api, web, db } = properties.services.properties
  expect(api).toEqual({
    ...{ type: 'object', additionalProperties: false, required: ['replicas'] },
    properties: { replicas: { $ref: '#/definitions/replicas' } },
  })
  expect(web).toEqual(api)
  expect(db.properties.replicas).toEqual({ type: 'integer', maximum: 1, description: LONG })
})

test('two schemas of one name have two definitions, and names are made of what a reference can hold', () => {
  const { definitions } = schemaOf(
    ...['a', 'b'].flatMap((service) => [
      parameter(['services', service, 'x/y z'], { type: 'string' }),
      parameter(['services', service, 'inner', 'x/y z'], { type: 'number' }),
    ]),
  )
  expect(Object.keys(definitions).sort()).toEqual(['x-y-z', 'x-y-z-2'])
})

test('what occurs once, and what is short, needs no definition', () => {
  const schema = schemaOf(
    parameter(['services', 'api', 'replicas'], { type: 'integer' }),
    parameter(['services', 'api', 'environment', 'A'], { type: 'string' }, 'short'),
    parameter(['services', 'web', 'environment', 'B'], { type: 'string' }, 'short'),
  )
  expect(schema.definitions).toBeUndefined()
  expect(JSON.stringify(schema)).not.toContain('$ref')
})

test('a large group that several services have is written once as well', () => {
  const keys = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']
  const { properties, definitions } = schemaOf(
    ...['api', 'web'].flatMap((service) =>
      keys.map((key) => parameter(['services', service, 'expose', key], { type: 'string' }, key)),
    ),
  )
  const { api, web } = properties.services.properties
  expect([api, web].map((one) => one.$ref ?? one.properties.expose.$ref)).not.toContain(undefined)
  expect(JSON.stringify(definitions).match(/"eight"/g)?.length).toBe(3)
})
