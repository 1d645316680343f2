import { expect, test } from 'vitest'
import { inputKey } from '../protocol/task.ts'
import { nextStep, SETTLE_MS, type TaskView } from './next-step.ts'
import { record } from './test-task.ts'

const INPUT = { type: 'T', id: 'D', attributes: [] }
const plan = { Inputs: [{ Type: 'T', ID: 'D', AttributeList: ['all'] }] }
const subscriptions = { [inputKey(INPUT)]: 's1' }
const view = (more: Partial<TaskView> = {}): TaskView => ({
  record: record('a', plan, { subscriptions }),
  observed: { ready: true, pods: ['a-1'], needsUser: false },
  ...{ admission: 'run', saved: true, served: true, reported: 'running', cleaned: false, now: 0 },
  ...more,
})
const removed = (more: Partial<TaskView> = {}, progress: object = {}): TaskView =>
  view({
    record: record('a', plan, { removedAt: 0, ...progress }, false),
    observed: { ready: false, pods: [], needsUser: false },
    reported: 'removed',
    ...more,
  })
const starting = { ready: false, pods: ['a-1'], needsUser: false }

test('a task that runs as it should needs nothing', () => {
  expect(nextStep(view())).toBeUndefined()
})

test.each<[string, Partial<TaskView>, object | undefined]>([
  ['is not kept', { saved: false }, { kind: 'save' }],
  ['has no Service', { served: false }, { kind: 'serve' }],
  ['starts', { observed: starting, reported: undefined }, undefined],
  [
    'does not start',
    { observed: { ...starting, failure: 'no image' } },
    { kind: 'report', status: 'failed: no image' },
  ],
  ['is ready', { record: record('a', plan) }, { kind: 'subscribe', inputs: [INPUT] }],
  ['is ready and is fed', { reported: undefined }, { kind: 'report', status: 'running' }],
  [
    'has lost an input',
    { record: record('a', {}, { subscriptions }) },
    { kind: 'unsubscribe', keys: [inputKey(INPUT)] },
  ],
  [
    'serves others',
    { record: record('a', { Parameters: [{ name: 'service-port', value: '80' }] }) },
    { kind: 'announce' },
  ],
])('a task that %s', (_, more, step) => {
  expect(nextStep(view(more))).toEqual(step)
})

test('a task that is paused stops, is fed no more, and is reported', () => {
  const paused = { admission: 'paused' } as const
  expect(nextStep(view(paused))).toMatchObject({ kind: 'change', record: { running: false } })
  const stopped = record('a', plan, { subscriptions }, false)
  expect(nextStep(view({ ...paused, record: stopped }))).toMatchObject({ kind: 'unsubscribe' })
  const quiet = record('a', plan, {}, false)
  expect(nextStep(view({ ...paused, record: quiet }))).toEqual({ kind: 'report', status: 'paused' })
})

test('a namespace that does not allow root gets a user', () => {
  const observed = { ...starting, needsUser: true }
  expect(nextStep(view({ observed }))).toMatchObject({
    ...{ kind: 'change', record: { progress: { nonRoot: true } } },
  })
  const record_ = record('a', plan, { nonRoot: true, subscriptions })
  expect(nextStep(view({ observed, record: record_ }))).toBeUndefined()
})

test('a task is removed step by step, its outputs last', () => {
  expect(nextStep(removed({ saved: false }))).toEqual({ kind: 'save' })
  expect(nextStep(removed({}, { subscriptions }))).toMatchObject({ kind: 'unsubscribe' })
  expect(nextStep(removed({ reported: 'running' }))).toEqual({ kind: 'report', status: 'removed' })
  expect(nextStep(removed({ now: 1 }))).toEqual({ kind: 'wait', ms: SETTLE_MS - 1 })
  expect(nextStep(removed({ now: SETTLE_MS }))).toEqual({ kind: 'clean' })
  expect(nextStep(removed({ now: SETTLE_MS, cleaned: true }))).toEqual({ kind: 'forget' })
})

test('outputs are deleted when no pod can write them any more', () => {
  const observed = starting
  expect(nextStep(removed({ now: SETTLE_MS, observed }))).toMatchObject({ kind: 'wait' })
  expect(nextStep(removed({ now: 60_000, observed }))).toEqual({ kind: 'clean' })
})

test('outputs of a task that another worker has are its outputs', () => {
  expect(nextStep(removed({ now: SETTLE_MS }, { moved: true }))).toEqual({ kind: 'forget' })
})
