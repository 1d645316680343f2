import { apiNamespace, sharedApi } from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import type { DeployEvent, Failure } from '../events.ts'
import { failureCodes } from '../failures/index.ts'
import { deployRelease } from '../index.ts'
import { fastClock } from '../test-clock.ts'
import { failureCases } from './failure-cases.ts'

/** Patience of a minute is over within seconds, and a server that is busy for half a second still counts as there. */
const clock = fastClock(10)

const withoutNumbers = (text: string) => text.replace(/\d+/g, 'N')

describe
  .skipIf(!sharedApi().bare)
  .concurrent(
    'each failure, by written statuses and events (needs an API server without controllers)',
    () => {
      for (const [code, { objects, act, before, client, options, failure }] of Object.entries(
        failureCases,
      )) {
        const cluster = apiNamespace(code.slice('deploy/'.length))
        test(code, async () => {
          const { api, name } = cluster
          await before?.(cluster)
          const events: DeployEvent[] = []
          let look = () => {}
          const looked = new Promise<void>((resolve) => {
            look = resolve
          })
          const deploying = deployRelease({
            client: (await client?.(cluster)) ?? api.client,
            objects,
            release: 'broken',
            namespace: name,
            clock,
            timeoutMs: 400_000,
            onEvent(event) {
              events.push(event)
              if (event.type === 'wait' && event.object.endsWith('/bad')) look()
            },
            ...options,
          })
          const [verdict] = await Promise.all([deploying, act?.({ ...cluster, looked })])
          expect(verdict).toMatchObject({ state: 'failed', failure: { code, ...failure } })
          expect(verdict.failure?.hint).toMatch(/\w{3}/)
          const { code: given, reason } = verdict.failure as Failure
          expect(failureCodes[given].reasons.map(withoutNumbers)).toContain(withoutNumbers(reason))
          expect(events.at(-1)).toEqual({ type: 'verdict', verdict })
        })
      }

      const { objects, act } = failureCases['deploy/completed']
      const ended = apiNamespace('completed-fails')
      test('a program that may end is a failure like any other where no project can be converted again', async () => {
        let look = () => {}
        const looked = new Promise<void>((resolve) => {
          look = resolve
        })
        const deploying = deployRelease({
          client: ended.api.client,
          objects,
          release: 'broken',
          namespace: ended.name,
          clock,
          timeoutMs: 400_000,
          completedFails: true,
          onEvent(event) {
            if (event.type === 'wait' && event.object.endsWith('/bad')) look()
          },
        })
        const [verdict] = await Promise.all([deploying, act?.({ ...ended, looked })])
        expect(verdict.failure).toMatchObject({ code: 'deploy/completed', exitCode: 0 })
        expect(verdict.failure).not.toHaveProperty('completed')
        expect(verdict.notBack).toBe('no earlier revision was ready, so it stays as it is')
      })
    },
  )
