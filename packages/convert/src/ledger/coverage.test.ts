import { readFileSync } from 'node:fs'
import { memoryFiles, type Project } from '@landfall/compose'
import { expect, test } from 'vitest'
import { adaptations } from '../adaptations/index.ts'
import { convertProject } from '../convert.ts'
import { keyRules, ruleAt } from './keys.ts'

/** Every place of the published schema, recorded from it: `services.*.volumes[].bind.propagation`. */
const places = readFileSync(
  new URL('../../../compose/cases/schema-facts.txt', import.meta.url),
  'utf8',
)
  .split('\n')
  .flatMap((line) => /^\$\.([^:]+): /.exec(line)?.[1] ?? [])

const keysOf = (place: string): string[] => place.replaceAll('[]', '.[]').split('.')

/** Places that hold nothing themselves: the names of services and what divides into rules of its own. */
const isCovered = (place: string): boolean => {
  const { rule, divided } = ruleAt(keysOf(place))
  return rule !== undefined || divided
}

test('the schema was read', () => {
  expect(places.length).toBeGreaterThan(400)
})

test('somebody answers for every place of the schema', () => {
  expect(places.filter((place) => !isCovered(place))).toEqual([])
})

test('nobody answers for what the schema does not have', () => {
  expect(Object.keys(keyRules).filter((path) => !places.includes(path))).toEqual([])
})

test('no rule stands above another one', () => {
  const inside = Object.keys(keyRules).filter((path) =>
    Object.keys(keyRules).some((other) => path.startsWith(`${other}.`)),
  )
  expect(inside).toEqual([])
})

test('every adaptation that is named is there, and a reason stands with every rule', () => {
  const known = new Set(adaptations.map(({ id }) => id))
  for (const [path, rule] of Object.entries(keyRules))
    if ('by' in rule)
      expect
        .soft(
          rule.by.filter((id) => !known.has(id)),
          path,
        )
        .toEqual([])
    else expect.soft('answer' in rule ? rule.answer.text : rule.loader, path).not.toBe('')
})

test('every key of every recorded project is answered for', () => {
  const file = new URL('../../../compose/cases/tables/service-attributes.json', import.meta.url)
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
    const unanswered = ledger.filter(({ code }) => code === 'not-converted/unknown-key')
    expect
      .soft(
        unanswered.map(({ path }) => path),
        name,
      )
      .toEqual([])
  }
})
