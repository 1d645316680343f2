import { readFileSync } from 'node:fs'
import { memoryFiles, type Project } from '@landfall/compose'
import { expect, test } from 'vitest'
import { adaptations } from './adaptations/index.ts'
import { claimAt, claims } from './claims.ts'
import { convertProject } from './convert.ts'

/** Every place of the published schema, recorded from it: `services.*.volumes[].bind.propagation`. */
const places = readFileSync(
  new URL('../../compose/cases/schema-facts.txt', import.meta.url),
  'utf8',
)
  .split('\n')
  .flatMap((line) => /^\$\.([^:]+): /.exec(line)?.[1] ?? [])

const keysOf = (place: string): string[] => place.replaceAll('[]', '.[]').split('.')

/** Places that hold nothing themselves: the names of services and what divides into claims of its own. */
const isCovered = (place: string): boolean => {
  const { claim, divided } = claimAt(keysOf(place))
  return claim !== undefined || divided
}

test('the schema was read', () => {
  expect(places.length).toBeGreaterThan(400)
})

test('somebody answers for every place of the schema', () => {
  expect(places.filter((place) => !isCovered(place))).toEqual([])
})

test('nobody answers for what the schema does not have', () => {
  expect(Object.keys(claims).filter((path) => !places.includes(path))).toEqual([])
})

test('no claim stands above another one', () => {
  const inside = Object.keys(claims).filter((path) =>
    Object.keys(claims).some((other) => path.startsWith(`${other}.`)),
  )
  expect(inside).toEqual([])
})

test('every adaptation that is named is there, and a reason stands with every claim', () => {
  const known = new Set(adaptations.map(({ id }) => id))
  for (const [path, claim] of Object.entries(claims))
    if ('by' in claim)
      expect
        .soft(
          claim.by.filter((id) => !known.has(id)),
          path,
        )
        .toEqual([])
    else expect.soft('verdict' in claim ? claim.verdict.reason : claim.loader, path).not.toBe('')
})

test('every key of every recorded project is answered for', () => {
  const file = new URL('../../compose/cases/tables/service-attributes.json', import.meta.url)
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { project?: Project }>
  const projects = Object.entries(recorded).filter(([, { project }]) => project !== undefined)
  expect(projects.length).toBeGreaterThan(100)
  for (const [name, { project }] of projects) {
    const { ledger } = convertProject({
      project: project as Project,
      origins: new Map(),
      projectDirectory: '/',
      files: memoryFiles({}),
      settings: {},
      settingsOrigins: new Map(),
    })
    const unanswered = ledger.filter(({ reason }) => reason === 'is not converted')
    expect
      .soft(
        unanswered.map(({ path }) => path),
        name,
      )
      .toEqual([])
  }
})
