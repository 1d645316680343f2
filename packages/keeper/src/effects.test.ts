import type { KeeperSettings, KeptEffect } from '@landfall/kube'
import { expect, test } from 'vitest'
import {
  type Asked,
  decideEffects,
  dueTests,
  forgotten,
  goneNotes,
  noteAnswer,
  undecided,
  watchedIn,
} from './effects.ts'
import { at, kept, type TestService, worldOf } from './test-world.ts'
import type { World } from './world.ts'

const effect: KeptEffect = {
  wait: { kind: 'http', url: 'http://master/workers', status: '2xx', text: 'worker-1' },
  ...{ after: 30, interval: 10, failures: 3, timeout: 5, of: 'master' },
}
const settings: KeeperSettings = {
  release: 'fog',
  services: [kept('master'), { ...kept('worker'), alive: effect }],
}
const master = { pod: 'ma-1', startedAt: 0, readyAt: 5 }
const worker = { pod: 'wo-1', startedAt: 10, readyAt: 11 }
const world = (services: Record<string, TestService | TestService[]> = {}): World =>
  worldOf({ master, worker, ...services })

const failed = (fails: number, seconds: number): Map<string, Asked> =>
  new Map([['worker', { at: at(seconds), fails, why: 'not in the list', held: false }]])

test('it is tested after its grace, and then at its interval', () => {
  const none = new Map()
  expect(dueTests(watchedIn(settings, world(), at(39)), none, at(39))).toEqual({
    due: [],
    lookAt: at(40),
  })
  expect(dueTests(watchedIn(settings, world(), at(40)), none, at(40)).due).toEqual([
    { service: 'worker', effect },
  ])
  expect(dueTests(watchedIn(settings, world(), at(45)), failed(1, 40), at(45))).toEqual({
    due: [],
    lookAt: at(50),
  })
})

test('its grace begins again with a start of the service that answers', () => {
  const young = world({ master: { ...master, pod: 'ma-2', readyAt: 100 } })
  expect(dueTests(watchedIn(settings, young, at(101)), failed(2, 95), at(101))).toEqual({
    due: [],
    lookAt: at(130),
  })
  // what was found before no longer counts
  expect(forgotten(watchedIn(settings, young, at(101)), failed(2, 95))).toEqual(['worker'])
  expect(
    decideEffects(watchedIn(settings, young, at(101)), failed(3, 95), at(101)).decisions,
  ).toEqual([])
})

test.each([
  ['the service that answers is away', { master: { pod: 'ma-2', startedAt: 50 } }],
  ['its pods are replaced', { worker: { ...worker, rolling: true } }],
  ['it does not run', { worker: { pod: 'wo-2' } }],
])('nothing is tested while %s', (_, services) => {
  expect(dueTests(watchedIn(settings, world(services), at(500)), new Map(), at(500))).toEqual({
    due: [],
  })
})

test('an answer counts, an error of the one who answers does not', () => {
  const once = noteAnswer(undefined, { holds: false, why: 'x' }, 1)
  const twice = noteAnswer(once, { holds: false, why: 'y' }, 2)
  expect(twice).toEqual({ at: 2, fails: 2, why: 'y', held: false })
  expect(noteAnswer(twice, { holds: 'unknown', why: 'z' }, 3)).toEqual({ ...twice, at: 3 })
  expect(noteAnswer(twice, { holds: true }, 3)).toEqual({ at: 3, fails: 0, why: '', held: true })
})

test('it restarts when it has failed often enough, and then ever more slowly', () => {
  expect(
    decideEffects(watchedIn(settings, world(), at(61)), failed(2, 60), at(61)).decisions,
  ).toEqual([])
  expect(
    decideEffects(watchedIn(settings, world(), at(61)), failed(3, 60), at(61)).decisions,
  ).toMatchObject([{ act: 'restart', service: { service: 'worker' }, why: 'not in the list' }])
  const times = [20, 50, 100].map((seconds) => new Date(at(seconds)).toISOString())
  const acts = times.map((time) => ({ at: time, act: 'restart' as const, why: '' }))
  const again = world({ worker: { ...worker, record: { acts } } })
  expect(decideEffects(watchedIn(settings, again, at(106)), failed(3, 105), at(106))).toEqual({
    decisions: [],
    lookAt: at(140),
  })
  expect(
    decideEffects(watchedIn(settings, again, at(140)), failed(3, 105), at(140)).decisions,
  ).toHaveLength(1)
})

const seed: KeeperSettings = {
  release: 'fog',
  services: [
    kept('master'),
    { ...kept('seed'), kind: 'Job', again: { ...effect, after: 5, failures: 2 } },
  ],
}
const seeded = (job: object): World => ({
  ...world(),
  workloads: new Map([
    ...world().workloads,
    [
      'Job/seed',
      {
        ...{ uid: 'seed', kind: 'Job', name: 'seed', wanted: 0, rolling: false },
        ...{ record: { seen: {}, acts: [] }, ...job },
      },
    ],
  ]),
})
const ofSeed = (fails: number, seconds: number, held = false) =>
  new Map([['seed', { at: at(seconds), fails, why: fails > 0 ? 'answers 404' : '', held }]])

test('a one-shot that is complete runs again when its effect is gone', () => {
  const complete = seeded({ completeAt: at(20) })
  expect(dueTests(watchedIn(seed, complete, at(24)), new Map(), at(24))).toEqual({
    due: [],
    lookAt: at(25),
  })
  expect(
    decideEffects(watchedIn(seed, complete, at(31)), ofSeed(2, 30), at(31)).decisions,
  ).toMatchObject([{ act: 'run', service: { service: 'seed' }, why: 'answers 404' }])
})

test('a one-shot that works or has failed by itself is left alone; one that failed when it ran again is not', () => {
  expect(dueTests(watchedIn(seed, seeded({}), at(500)), new Map(), at(500)).due).toEqual([])
  expect(
    dueTests(watchedIn(seed, seeded({ failed: true }), at(500)), new Map(), at(500)).due,
  ).toEqual([])
  const acts = [{ at: new Date(at(100)).toISOString(), act: 'run', why: '' }]
  const again = seeded({ failed: true, record: { seen: {}, acts } })
  expect(dueTests(watchedIn(seed, again, at(500)), new Map(), at(500)).due).toHaveLength(1)
})

test('whether a one-shot runs again is known when its effect was seen after the service was ready', () => {
  const complete = seeded({ completeAt: at(20) })
  expect([...undecided(seed, watchedIn(seed, complete, at(31)), new Map())]).toEqual(['seed'])
  expect([...undecided(seed, watchedIn(seed, complete, at(31)), ofSeed(0, 30, true))]).toEqual([])
  expect([...undecided(seed, watchedIn(seed, complete, at(31)), ofSeed(1, 30))]).toEqual(['seed'])
  const away = { ...complete, pods: new Map() }
  expect([...undecided(seed, watchedIn(seed, away, at(31)), ofSeed(0, 30, true))]).toEqual(['seed'])
})

test('that the effect is gone is noted, and that it is there again', () => {
  const complete = seeded({ completeAt: at(20) })
  expect(goneNotes(seed, complete, ofSeed(1, 30))).toEqual([])
  expect(goneNotes(seed, complete, ofSeed(2, 30))).toMatchObject([
    { record: { gone: 'answers 404' } },
  ])
  const noted = seeded({ completeAt: at(20), record: { seen: {}, acts: [], gone: 'answers 404' } })
  expect(goneNotes(seed, noted, ofSeed(2, 30))).toEqual([])
  expect(goneNotes(seed, noted, ofSeed(0, 30, true))).toMatchObject([
    { record: { seen: {}, acts: [] } },
  ])
})
