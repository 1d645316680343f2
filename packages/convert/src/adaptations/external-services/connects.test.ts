import type { Bundle } from '@landfall/kube'
import { resolveBundle } from '@landfall/kube'
import { expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

const COMPOSE = `
services:
  web: { image: "nginx:1", environment: { DB: "mysql://db:3306/x" }, depends_on: { schema: { condition: service_completed_successfully } } }
  schema: { image: "mysql:8", command: "mysql -h db x" }
  waits: { image: "busybox:1" }
  other: { image: "redis:7", environment: { DB: "db2" } }
`

/** What the Service of `DB` records of connections. */
function connected(environment: Record<string, string>, ports?: string[]) {
  const services = Object.entries(environment).map(
    ([name, url]) =>
      `  ${name}: { image: "nginx:1", environment: { URL: ${JSON.stringify(url)} } }`,
  )
  const { bundle } = convert(`services:\n${services.join('\n')}\n`, {
    settings: { external: { DB: { host: 'db.example.com', ...(ports && { ports }) } } },
  })
  const objects = [...resolveBundle(bundle as Bundle).values()]
  return objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'db')
    ?.metadata.annotations?.['landfall.dev/connected']
}

test('the ports to which services connect are those of their texts, or the declared ones', () => {
  expect(connected({ web: 'mysql://u@DB:3306/x', worker: 'db:3306 db:33060' })).toBe(
    '3306:web,33060:worker',
  )
  expect(connected({ web: 'DB:70000', worker: 'otherdb:3306', more: 'db.local:3306' })).toBe(
    undefined,
  )
  expect(connected({ web: 'mysql://DB' })).toBe(undefined)
  expect(connected({ web: 'mysql://DB' }, ['3306:13306', '53/udp'])).toBe('3306:web')
  expect(connected({ web: 'redis://cache' }, ['3306'])).toBe(undefined)
})

/** The name of the Job, and the hash on the pods of each workload. */
function hashes(external: { address?: string; host?: string; ports?: string[] }) {
  const { bundle } = convert(COMPOSE, {
    settings: {
      services: { schema: { oneShot: true }, waits: { waitsFor: [{ tcp: 'db:3306' }] } },
      external: { db: external },
    },
  })
  const objects = resolveBundle(bundle as Bundle)
  const hash = (name: string): string =>
    [...objects.values()].find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === name,
    )?.spec.template.metadata.annotations?.['checksum.landfall.dev/external'] ?? 'none'
  const job = [...objects.values()].find(({ kind }) => kind === 'Job')?.metadata.name
  return { job, web: hash('web'), waits: hash('waits'), other: hash('other') }
}

test('another target replaces the pods that connect to it or wait for it, and runs their one-shots again', () => {
  const all = [
    { address: '10.0.0.1' },
    { address: '10.0.0.2' },
    { address: '10.0.0.2', ports: ['3306:13306'] },
    { host: 'db.example.com' },
    { host: 'db2.example.com' },
  ].map(hashes)
  for (const key of ['job', 'web', 'waits'] as const)
    expect(new Set(all.map((one) => one[key])).size).toBe(all.length)
  expect(new Set(all.map(({ other }) => other))).toEqual(new Set(['none']))
  expect(hashes({ address: '10.0.0.1' })).toEqual(all[0])
})
