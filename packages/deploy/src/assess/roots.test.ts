import { expect, test } from 'vitest'
import { deployment, job } from '../test-objects.ts'
import { rememberSightings } from '../view/sightings.ts'
import type { Assessment } from './assess.ts'
import { ownersOf, rootOf } from './roots.ts'
import { timedOut } from './timed-out.ts'
import { findUnanswered } from './unanswered.ts'

function labelled(object: ReturnType<typeof deployment>, labels: Record<string, string>) {
  object.spec.template = { metadata: { labels } }
  return object
}

const service = (name: string, selector: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector },
})

test('a name leads to the workload whose pods its Service selects, a Job is known without its hash', () => {
  const shared = { instance: 'shop' }
  const owners = ownersOf(
    [
      labelled(deployment('db'), { ...shared, name: 'db' }),
      labelled(deployment('web'), { ...shared, name: 'web' }),
      labelled(job('migrate-0123456789'), { ...shared, name: 'migrate' }),
    ],
    [
      service('database', { ...shared, name: 'db' }),
      service('all', shared),
      service('nobody', { name: 'x' }),
    ],
  )
  expect(owners.get('database')).toBe('deployment/db')
  expect(owners.get('migrate')).toBe('job/migrate-0123456789')
  expect(owners.get('web')).toBe('deployment/web')
  expect(owners.has('nobody')).toBe(false)
})

const ready = (object: string): Assessment => ({
  object,
  status: { state: 'current', message: '1 of 1 pods ready' },
  message: 'ready',
  gated: false,
  rank: 0,
})
const gated = (object: string, line: string): Assessment => ({
  ...ready(object),
  status: { state: 'inProgress', message: '' },
  message: `waiting for ${line}`,
  gated: true,
})
const owners = new Map([
  ['logging', 'deployment/logging'],
  ['data', 'deployment/data'],
  ['seed', 'job/seed'],
])
const logging = ready('deployment/logging')
const data = gated('deployment/data', 'logging (48061): nothing answers')
const rules = gated('deployment/rules', 'data (48080): not ready')

test('the root of a wait is the first that waits for nobody', () => {
  const all = [rules, data, logging]
  const byObject = new Map(all.map((one) => [one.object, one]))
  expect(rootOf(rules, byObject, owners)).toMatchObject({
    at: { object: 'deployment/logging' },
    waiter: { by: 'deployment/data', wait: { name: 'logging', ports: ['48061'] } },
  })
})

test('what is ready and does not answer a gate is the failure, once nothing else is on its way', () => {
  const look = rememberSightings()
  const after = (ms: number, ...more: Assessment[]) =>
    findUnanswered([rules, data, logging, ...more], owners, look(ms))
  expect(after(0)).toEqual([])
  expect(after(59_000)).toEqual([])
  expect(after(60_000)).toMatchObject([
    {
      object: 'deployment/logging',
      finding: {
        reason: 'nothing answers',
        message:
          'its pod runs, but logging:48061 does not answer (nothing answers), which deployment/data waits for',
        hint: expect.stringContaining('hostsFirst'),
        about: 'ports',
        final: true,
      },
    },
  ])
  const starting = {
    ...ready('deployment/x'),
    status: { state: 'inProgress', message: '' } as const,
  }
  expect(after(61_000, starting)).toEqual([])
})

test('when time is up the end of the chain is named, not the one that waits', () => {
  const named = timedOut([rules, data, logging], owners, 100_000, undefined, undefined)
  expect(named).toMatchObject({
    object: 'deployment/logging',
    finding: {
      reason: 'not ready after 100 s',
      message: expect.stringContaining('deployment/data waits for it: logging 48061'),
    },
  })
  const hanging = {
    ...ready('job/seed'),
    status: { state: 'inProgress', message: 'runs' } as const,
  }
  const waiting = gated('deployment/data', 'job/seed: not complete')
  expect(timedOut([waiting, hanging], owners, 5_000, undefined, undefined)).toMatchObject({
    object: 'job/seed',
    finding: { hint: expect.stringContaining('last lines') },
  })
})
