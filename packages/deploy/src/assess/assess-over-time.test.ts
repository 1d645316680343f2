import { expect, test } from 'vitest'
import { deployment, pod, READY, viewOf } from '../test-objects.ts'
import { decisive } from './assess.ts'
import { assessOverTime } from './assess-over-time.ts'

const names = ['deployment/db', 'deployment/web']

/** A database that became ready at 00:01:00, and a web that crashed so often, last in a run that began at this time. */
function view(restartCount: number, startedAt: string) {
  const state = { waiting: { reason: 'CrashLoopBackOff' } }
  const lastState = { terminated: { exitCode: 1, startedAt } }
  const lastTransitionTime = '2026-01-01T00:01:00Z'
  return viewOf(
    deployment('db', READY),
    pod('db', {
      phase: 'Running',
      containers: [{ name: 'db', image: 'db:1', readinessProbe: {} }],
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime }],
      statuses: [{ state: { running: {} } }],
    }),
    deployment('web'),
    pod('web', { phase: 'Running', statuses: [{ state, lastState, restartCount }] }),
  )
}

function verdicts(...looks: ReturnType<typeof view>[]): (string | undefined)[] {
  const assessAt = assessOverTime(names)
  return looks.map(
    (look, index) => decisive(assessAt(look, new Map(), 500 + index * 1_000))?.object,
  )
}

test('a run that began before its dependency was ready is followed by one more try', () => {
  const before = view(3, '2026-01-01T00:00:59Z')
  const after = view(4, '2026-01-01T00:01:30Z')
  expect(verdicts(view(2, '2026-01-01T00:00:30Z'), before, before, after)).toEqual([
    undefined,
    undefined,
    undefined,
    'deployment/web',
  ])
})

test('what crashed before the first look gets two more tries', () => {
  const crashed = (restarts: number) => view(restarts, '2026-01-01T00:05:00Z')
  const looks = [crashed(4), crashed(4), crashed(5), crashed(6)]
  expect(verdicts(...looks)).toEqual([undefined, undefined, undefined, 'deployment/web'])
})

test('a program without a probe may need a while before it offers anything: ends until then do not count', () => {
  const unprobed = (startedAt: string) => {
    const look = view(1, startedAt)
    const db = look.pods.get('db-1')
    delete db?.spec.containers[0].readinessProbe
    if (db !== undefined)
      db.status.containerStatuses = [{ name: 'db', restartCount: 0, state: { running: {} } }]
    return look
  }
  // db became ready at 00:01:00
  const none = viewOf()
  expect(verdicts(none, unprobed('2026-01-01T00:01:21Z'))).toEqual([undefined, undefined])
  expect(verdicts(none, unprobed('2026-01-01T00:01:22Z'))[1]).toBe('deployment/web')
})

test('what runs at the first look is taken to stay up, what is made after it is watched', () => {
  const running = (uid: string) => {
    const about = pod('web', {
      phase: 'Running',
      statuses: [{ state: { running: {} } }],
      conditions: [{ type: 'Ready', status: 'True' }],
    })
    about.metadata.uid = uid
    return viewOf(deployment('web', READY), about)
  }
  const assessAt = assessOverTime(['deployment/web'])
  const state = (uid: string, at: number) => assessAt(running(uid), new Map(), at)[0]?.status.state
  expect(state('first', 7)).toBe('current')
  expect(state('second', 1_007)).toBe('inProgress')
  expect(state('second', 26_007)).toBe('current')
})
