import { expect, test } from 'vitest'
import { decisive } from './assess.ts'
import { assessOverTime } from './assess-over-time.ts'
import { deployment, pod, READY, viewOf } from './test-objects.ts'

const names = ['deployment/db', 'deployment/web']
const starting = pod('db', { phase: 'Running', statuses: [{ state: { running: {} } }] })
const probed = { name: 'db', image: 'db:1', readinessProbe: {} }
const ready = pod('db', {
  phase: 'Running',
  containers: [probed],
  conditions: [{ type: 'Ready', status: 'True' }],
})
const crashed = (restartCount: number) =>
  pod('web', {
    phase: 'Running',
    statuses: [
      {
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1 } },
        restartCount,
      },
    ],
  })

const dbStarts = (restarts: number) =>
  viewOf(deployment('db'), starting, deployment('web'), crashed(restarts))
const dbReady = (restarts: number) =>
  viewOf(deployment('db', READY), ready, deployment('web'), crashed(restarts))

function verdicts(
  changed: boolean,
  ...looks: ReturnType<typeof dbReady>[]
): (string | undefined)[] {
  const assessAt = assessOverTime(names, changed, 0)
  return looks.map((view, index) => decisive(assessAt(view, new Map(), index * 1_000))?.object)
}

test('what crashed until the moment in which its dependency became ready gets one more try', () => {
  expect(verdicts(true, dbStarts(1), dbStarts(2), dbReady(2), dbReady(2), dbReady(3))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'deployment/web',
  ])
})

test('what crashed before a deploy that changed something gets one more try, and none after one that did not', () => {
  expect(verdicts(true, dbReady(4), dbReady(4))).toEqual([undefined, undefined])
  expect(verdicts(false, dbReady(2))).toEqual(['deployment/web'])
})
