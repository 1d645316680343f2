import { readFileSync } from 'node:fs'
import { memoryFiles, type Project, type Service } from '@landfall/compose'
import { resolveBundle } from '@landfall/kube'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildBundle } from './build-bundle.ts'
import { convertProject } from './convert.ts'
import { frozenCopy } from './test-conversion.ts'

/** Keys that name something else of the project, or that make no container. */
const REFERENCES = new Set(
  'build configs depends_on env_file extends links models networks profiles provider secrets volumes volumes_from'.split(
    ' ',
  ),
)

const TABLES = [
  'service-attributes',
  'extends-file',
  'extra-hosts',
  'labels',
  'ports',
  'sizes',
  'sysctls',
]

/** Every value of every key that is recorded from docker-compose. */
function recordedValues(): [key: string, values: unknown[]][] {
  const projects = TABLES.flatMap((table) => {
    const file = new URL(`../../compose/cases/tables/${table}.json`, import.meta.url)
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { project?: Project }>
    return Object.values(recorded).flatMap(({ project }) => project ?? [])
  })
  const values = new Map<string, Map<string, unknown>>()
  for (const { services } of projects)
    for (const service of Object.values(services))
      for (const [key, value] of Object.entries(service)) {
        if (REFERENCES.has(key) || value === null) continue
        const known = values.get(key) ?? new Map<string, unknown>()
        values.set(key, known.set(JSON.stringify(value), value))
      }
  return [...values].map(([key, known]) => [key, [...known.values()]])
}

const joined = { network_mode: ['service:first'], pid: ['service:first'], ipc: ['service:first'] }

const service = (shares: boolean): fc.Arbitrary<Service> =>
  fc.record(
    Object.fromEntries(
      [...recordedValues(), ...(shares ? Object.entries(joined) : [])].map(([key, values]) => [
        key,
        fc.constantFrom(...values),
      ]),
    ),
    { requiredKeys: [] },
  )

test('any mix of keys converts, every key is answered for, and the plan alone gives the bundle', {
  timeout: 60_000,
}, () => {
  expect(recordedValues().length).toBeGreaterThan(50)
  fc.assert(
    fc.property(service(false), service(true), fc.boolean(), (first, second, allowed) => {
      const host = { network: true, pid: true, ipc: true, devices: true, sysctls: true }
      const { ledger, plan, bundle } = convertProject({
        project: {
          name: 'mix',
          services: { first, second: { ...second, depends_on: {} } },
        },
        origins: new Map(),
        projectDirectory: '/',
        files: memoryFiles({}),
        settings: allowed ? { services: { first: { host }, second: { host } } } : {},
        settingsOrigins: new Map(),
      })
      if (bundle !== undefined) {
        expect(buildBundle(frozenCopy(plan))).toEqual(bundle)
        expect(resolveBundle(bundle, {})).toEqual(resolveBundle(bundle))
      }
      expect(ledger.filter(({ code }) => code === 'not-converted/unknown-key')).toEqual([])
    }),
    { numRuns: 200 },
  )
})
