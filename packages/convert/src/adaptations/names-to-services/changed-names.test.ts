import { expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

const findings = (compose: string) =>
  convert(compose).diagnostics.flatMap(({ code, message }) =>
    code === 'convert/changed-name' ? message : [],
  )

test('a service that no text of its dependant names is reported with its new name', () => {
  const project = (more: string) => `
services:
  app: { image: x, depends_on: [my_db] ${more} }
  other: { image: y }
  my_db: { image: z }
`
  expect(findings(project(''))).toEqual([
    'my_db is called my-db, because a Service cannot have that name: app cannot reach my_db by a name built into the program',
  ])
  expect(findings(project(', environment: { DB: "postgres://my_db/x" }'))).toEqual([])
  expect(findings(project('').replaceAll('my_db', 'my-db'))).toEqual([])
  const completed = '{ my_db: { condition: service_completed_successfully } }'
  expect(findings(project('').replace('[my_db]', completed))).toEqual([])
  expect(findings(project('').replaceAll('my_db', 'MyDb'))).toEqual([])
})

test('a domain as an alias is reported whoever names it: certificates and virtual hosts have it as well', () => {
  const compose = `
services:
  app: { image: x, depends_on: [a_b], environment: { URL: "https://auth.example.com" } }
  proxy: { image: y, networks: { default: { aliases: [auth.example.com] } } }
  a_b: { image: z }
`
  expect(findings(compose)).toEqual([
    'a_b is called a-b, auth.example.com is called auth-example-com, because Services cannot have those names: app cannot reach a_b by a name built into the program; certificates and virtual hosts for the former name do not match',
  ])
})
