import { expect, test } from 'vitest'
import { exitCodeOf } from './outcome.ts'
import { type SiteOutcome, type SiteState, scheduleSites } from './schedule.ts'

/** A run of sites that end as they are said to, with what began and ended in which order. */
async function schedule(
  states: Readonly<Record<string, SiteState>>,
  needs: Readonly<Record<string, string[]>> = {},
  atOnce = 8,
) {
  const order: string[] = []
  let running = 0
  let most = 0
  const outcomes = await scheduleSites({
    names: Object.keys(states),
    after: (name) => needs[name] ?? [],
    atOnce,
    async run(site) {
      order.push(`+${site}`)
      most = Math.max(most, ++running)
      for (let turn = 0; turn < 3; turn++) await Promise.resolve()
      running--
      order.push(`-${site}`)
      const state = states[site] as SiteState
      return { site, state, exitCode: state === 'ready' ? 0 : 1, ms: 1 }
    },
    held: (site, by): SiteOutcome => ({
      site,
      state: 'held',
      reason: by.site,
      exitCode: 1,
      ms: 0,
    }),
  })
  return { order, most, outcomes, states: outcomes.map(({ site, state }) => `${site} ${state}`) }
}

test('a site starts when those that it needs are ready', async () => {
  const { order, states } = await schedule(
    { edge: 'ready', region: 'ready', cloud: 'ready' },
    { edge: ['region'], region: ['cloud'] },
  )
  expect(order).toEqual(['+cloud', '-cloud', '+region', '-region', '+edge', '-edge'])
  expect(states).toEqual(['edge ready', 'region ready', 'cloud ready'])
})

test('one that is not ready holds up only those that need it, also through others', async () => {
  const { outcomes, states } = await schedule(
    { a: 'failed', b: 'ready', c: 'ready', d: 'ready', e: 'away' },
    { b: ['a'], c: ['b'] },
  )
  expect(states).toEqual(['a failed', 'b held', 'c held', 'd ready', 'e away'])
  expect(outcomes.map(({ reason }) => reason)).toEqual([undefined, 'a', 'b', undefined, undefined])
  expect(exitCodeOf(outcomes)).toBe(1)
})

test('a site that is not deployed in this run is not waited for', async () => {
  expect((await schedule({ edge: 'ready' }, { edge: ['cloud'] })).states).toEqual(['edge ready'])
})

test('no more sites run at the same time than allowed', async () => {
  const names = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`e${at}`, 'ready' as const]),
  )
  expect((await schedule(names, {}, 3)).most).toBe(3)
  expect((await schedule(names, {}, 1)).most).toBe(1)
})

test('the exit code is that of what is worst', () => {
  const codes = (...all: number[]) =>
    exitCodeOf(all.map((exitCode) => ({ site: 'a', state: 'failed', exitCode, ms: 0 })))
  expect([codes(0, 0), codes(0, 3), codes(3, 1), codes(1, 130), codes(2, 0)]).toEqual([
    0, 3, 1, 130, 1,
  ])
})
