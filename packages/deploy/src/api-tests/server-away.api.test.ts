import {
  configMap,
  connectTestApi,
  deployment,
  eventually,
  sharedApi,
  statusesIn,
  type TestApi,
  temporaryApiServer,
} from '@landfall/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeployEvent } from '../events.ts'
import { deployRelease } from '../index.ts'
import { fastClock } from '../test-clock.ts'

const clock = fastClock(2)
const timeoutMs = 200_000

describe.skipIf(!sharedApi().bare)(
  'the API server stops and comes back (needs a server that the test can stop)',
  () => {
    let server: Awaited<ReturnType<typeof temporaryApiServer>>
    let api: TestApi
    beforeAll(async () => {
      server = await temporaryApiServer()
      api = connectTestApi({ ...server, bare: true }, clock)
    })
    afterAll(() => server.close())

    test('while objects are applied: the rest is applied afterwards', async () => {
      const objects = Array.from({ length: 40 }, (_, number) => configMap(`part-${number}`, {}))
      let applied = 0
      let appliedBefore = 0
      const restart = async () => {
        await server.stopServing()
        appliedBefore = applied
        await server.serveAgain()
      }
      let restarted: Promise<void> | undefined
      const deploying = deployRelease({
        client: api.client,
        release: 'away',
        namespace: 'applying',
        objects,
        clock,
        timeoutMs,
        onEvent({ type }) {
          if (type !== 'apply') return
          applied++
          restarted ??= restart()
        },
      })
      expect((await deploying).state).toBe('ready')
      await restarted
      expect(appliedBefore).toBeGreaterThan(0)
      expect(appliedBefore).toBeLessThan(applied)
      const { items } = await api.client.list({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'applying',
      })
      expect(items.filter(({ metadata }) => metadata.name.startsWith('part-')).length).toBe(40)
    })

    test('while objects are applied, for seconds: it is reported before anything is waited for', async () => {
      const events: DeployEvent[] = []
      const away = () =>
        events.find((event) => event.type === 'wait' && event.object === 'cluster/api-server')
      let stopped: Promise<void> | undefined
      const deploying = deployRelease({
        client: api.client,
        release: 'away',
        namespace: 'reported',
        objects: Array.from({ length: 40 }, (_, number) => configMap(`part-${number}`, {})),
        clock,
        timeoutMs,
        onEvent(event) {
          events.push(event)
          if (event.type === 'apply') stopped ??= server.stopServing()
        },
      })
      await eventually(20_000, () => expect(away()).toBeDefined(), 50)
      await stopped
      await server.serveAgain()
      expect((await deploying).state).toBe('ready')
      expect(away()).toMatchObject({
        message: expect.stringMatching(/^the API server has not answered/),
      })
    })

    test('while everything is waited for: it is reported, nothing is concluded, and the wait goes on', async () => {
      const events: DeployEvent[] = []
      const statuses = statusesIn(api, 'waiting')
      const deploying = deployRelease({
        client: api.client,
        release: 'away',
        namespace: 'waiting',
        objects: [deployment('web')],
        clock,
        timeoutMs,
        onEvent: (event) => events.push(event),
      })
      const about = (object: string, type: DeployEvent['type']) =>
        events.filter(
          (event) => event.type === type && 'object' in event && event.object === object,
        )
      await eventually(20_000, () => expect(about('deployment/web', 'wait')).not.toEqual([]), 50)
      await server.stopServing()
      await eventually(
        20_000,
        () =>
          expect(about('cluster/api-server', 'wait')).toContainEqual({
            type: 'wait',
            object: 'cluster/api-server',
            message: expect.stringMatching(/^the API server has not answered/),
          }),
        50,
      )
      await server.serveAgain()
      await statuses.deploymentReady('web')
      const verdict = await deploying
      expect(verdict).toMatchObject({ state: 'ready' })
      expect(about('cluster/api-server', 'ready').length).toBe(1)
    })

    test('when it stays away, the verdict of the time-out says so', async () => {
      const events: DeployEvent[] = []
      const deploying = deployRelease({
        client: api.client,
        release: 'away',
        namespace: 'gone',
        objects: [deployment('web')],
        clock,
        timeoutMs: 20_000,
        onEvent: (event) => events.push(event),
      })
      const waits = () => events.filter(({ type }) => type === 'wait')
      await eventually(8_000, () => expect(waits()).not.toEqual([]), 50)
      await server.stopServing()
      const verdict = await deploying
      await server.serveAgain()
      expect(verdict.failure).toMatchObject({
        code: 'deploy/not-ready',
        message: expect.stringMatching(/^the API server does not answer/),
      })
    })
  },
)
