import { type Check, StatusError } from '@landfall/kube'
import { apiNamespace, configMap } from '@landfall/testkit'
import { describe, expect, test, vi } from 'vitest'
import {
  type DeployOptions,
  deployRelease,
  NoCheckError,
  releaseHistory,
  rollbackRelease,
  testRelease,
} from '../index.ts'
import { fastClock } from '../test-clock.ts'
import { orderCheck, withTestPods } from './ways-to-fail.ts'

// several commands one after the other, on a machine that may be busy
vi.setConfig({ testTimeout: 400_000 })

const clock = fastClock(10)
const works = 'HTTP/1.1 201 Created\r\n\r\n{}'
const broken = 'HTTP/1.1 500 Oops\r\n\r\nno database'
const order = orderCheck.checks[0] as Check

/** A release of one ConfigMap, in a cluster where each request gets one response. */
function releaseOf(name: string) {
  const { name: namespace, api } = apiNamespace(name)
  const where = { release: name, namespace, clock }
  const up = (response: string, of: string, more: Partial<DeployOptions> = {}) =>
    deployRelease({
      ...where,
      client: withTestPods(api.client, response),
      objects: [configMap('part', { of })],
      checks: orderCheck,
      ...more,
    })
  const present = async () =>
    (await api.client.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'part', namespace }))?.data
      .of
  const states = async () =>
    (await releaseHistory({ client: api.client, ...where })).map(
      ({ state, of }) => `${state}${of === undefined ? '' : ` of ${of}`}`,
    )
  return { api, where, up, present, states }
}

describe('checks of a release', () => {
  test('hold, and the test pod goes', async () => {
    const { api, where, up } = releaseOf('holds')
    const verdict = await up(works, 'one')
    expect(verdict).toMatchObject({ state: 'ready', checks: [{ name: 'order', state: 'holds' }] })
    const pods = await api.client.list({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: where.namespace,
    })
    expect(pods.items.filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toEqual(
      [],
    )
  })

  test('that fail take the revision back, whose own checks run again', async () => {
    const { up, present, states } = releaseOf('back')
    await up(works, 'one', { checks: { ...orderCheck, checks: [] } })
    const verdict = await up(broken, 'two')
    expect(verdict).toMatchObject({
      state: 'failed',
      failure: { object: 'check/order', code: 'deploy/check-failed' },
      checks: [{ name: 'order', state: 'fails' }],
      back: { to: 1, state: 'ready' },
    })
    expect(await present()).toBe('one')
    expect(await states()).toEqual(['ready', 'failed', 'ready of 1'])
  })

  test('that change are another revision, although no object changes; the line alone is no change', async () => {
    const { up, states } = releaseOf('other')
    await up(works, 'one')
    const at = (line: string) => ({
      ...orderCheck,
      checks: [{ ...order, at: line }],
    })
    await up(works, 'one', { checks: at('landfall.yaml:9:1') })
    expect(await states()).toEqual(['ready'])
    const withinMs = 7_000
    await up(works, 'one', {
      checks: { ...orderCheck, checks: [{ ...order, withinMs }] },
    })
    await up(works, 'one', { checks: { ...orderCheck, checks: [] } })
    expect(await states()).toEqual(['ready', 'ready', 'ready'])
  })

  test('are run by rollback and test without the project, from the Secret of the revision alone', async () => {
    const { api, where, up, present } = releaseOf('stored')
    const password = 'correct-horse-battery'
    const secret = {
      ...orderCheck,
      checks: [{ ...order, source: `landfall.yaml#${password}` }],
    }
    await up(works, 'one', { checks: secret })
    await up(works, 'two', { checks: { ...orderCheck, checks: [] } })
    const failing = { ...where, client: withTestPods(api.client, broken) }
    await expect(testRelease(failing)).rejects.toThrow(NoCheckError)
    const verdict = await rollbackRelease({ ...failing, to: 1 })
    expect(verdict).toMatchObject({ state: 'failed', failure: { object: 'check/order' } })
    expect(await present()).toBe('one')
    const { revision, results } = await testRelease(failing)
    expect(revision).toEqual({ number: 3, state: 'failed' })
    expect(results).toMatchObject([{ name: 'order', state: 'fails' }])
    await expect(testRelease({ ...failing, names: ['oder'] })).rejects.toThrow('it has order')
    const maps = await api.client.list({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: where.namespace,
    })
    expect(JSON.stringify(maps)).not.toContain(password)
  })

  test('that the account may not run are not ready, and the missing right is named', async () => {
    const { api, where, up } = releaseOf('refused')
    const message = `pods "landfall-check-1" is forbidden: User "anna" cannot get resource "pods/exec" in API group "" in the namespace "${where.namespace}"`
    const client = {
      ...withTestPods(api.client, works),
      exec: async () => {
        throw new StatusError({ code: 403, reason: 'Forbidden', message })
      },
    }
    const verdict = await up(works, 'one', { client })
    expect(verdict).toMatchObject({
      state: 'failed',
      failure: {
        code: 'deploy/check-not-run',
        message: expect.stringContaining(message),
        hint: expect.stringContaining('--resource=pods/exec'),
      },
      checks: [{ state: 'unknown' }],
    })
  })
})
