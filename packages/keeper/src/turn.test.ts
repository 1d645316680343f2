import type { KeeperSettings, KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import type { Acts } from './act.ts'
import { at, kept, worldOf } from './test-world.ts'
import { turnOf } from './turn.ts'

const settings: KeeperSettings = { release: 'shop', services: [kept('mq'), kept('web', 'mq!')] }

/** `web` runs since before `mq` was replaced. */
const stale = () =>
  worldOf({
    mq: { pod: 'mq-2', startedAt: 100, readyAt: 101 },
    web: { pod: 'web-1', startedAt: 10, readyAt: 11, record: { seen: { mq: ['mq-1/1'] } } },
  })

/** An API server that does what it is asked, and whose first answers get lost. */
function apiThatLoses(answers: number) {
  const restarts: string[] = []
  const nothing = () => Promise.reject(new Error('not expected'))
  const acts: Acts = {
    async restart(_target, _record, time) {
      restarts.push(time)
      if (restarts.length <= answers) throw new Error('the connection was closed')
      return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } } as KubeObject
    },
    event: async () => {},
    ...{ note: nothing, beginAgain: nothing, deleteJob: nothing },
    ...{ createJob: nothing, endAgain: nothing },
  }
  return { acts, restarts }
}

test('a restart whose answer was lost is asked for again as of the same time: the same template, no second rollout', async () => {
  const { acts, restarts } = apiThatLoses(2)
  let now = at(200)
  const turn = turnOf({
    ...{ settings, acts, world: stale },
    now: () => now,
    log: () => {},
    update: () => {},
    onAnswer: () => {},
  })
  for (; restarts.length < 3; now += 2_000) await turn()
  expect(new Set(restarts).size).toBe(1)
  await turn()
  expect(new Set(restarts).size).toBe(2)
})
