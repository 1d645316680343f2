import type { ReleaseStatus, WorkloadStatus } from '@landfall/deploy'
import { expect, test } from 'vitest'
import { colourFor } from '../colour.ts'
import { quietTerminal } from '../quiet-terminal.ts'
import { renderStatus, renderTree } from './status.ts'

const { terminal } = quietTerminal()
const colour = colourFor(terminal.stdout, terminal.env)

function workload(name: string, waitsFor: string[], message = ''): WorkloadStatus {
  return {
    object: name,
    state: message === '' ? 'current' : 'inProgress',
    ...{ message, ready: message === '' ? 1 : 0, desired: 1, restarts: 0 },
    ...{ images: [], ageMs: 1000, pods: [], kept: [], waitsFor },
  }
}

function tree(workloads: WorkloadStatus[]): string {
  const release: ReleaseStatus = {
    release: 'shop',
    namespace: 'shop',
    revision: 2,
    state: 'inProgress',
    drift: [],
    unread: [],
    workloads,
  }
  return renderTree(release, colour)
}

test('what a workload waits for is below it, once', () => {
  expect(
    tree([
      workload('deployment/db', []),
      workload('job/migrate-0123456789', ['deployment/db'], 'runs'),
      workload('deployment/api', ['job/migrate-0123456789', 'deployment/db'], 'waits for migrate'),
      workload('deployment/worker', ['job/migrate-0123456789'], 'waits for migrate'),
    ]),
  ).toBe(`shop in namespace shop, revision 2

  api                           0/1  waits for migrate
  ├─ migrate (job)              0/1  runs
  │  └─ db                      1/1  ready
  └─ db                         1/1  ready
  worker                        0/1  waits for migrate
  └─ migrate (job) (see above)  0/1  runs
`)
})

test('workloads that wait for each other are shown', () => {
  expect(
    tree([workload('deployment/a', ['deployment/b']), workload('deployment/b', ['deployment/a'])]),
  ).toMatch(/a .*\n {2}└─ b .*\n {5}└─ a \(see above\)/)
})

test('what the keeper has done is below the table, and a one-shot without its effect is not complete', () => {
  const at = '2026-01-31T10:00:00Z'
  const why = 'rabbitmq was replaced'
  const release: ReleaseStatus = {
    ...{ release: 'shop', namespace: 'shop', revision: 2, state: 'current', drift: [], unread: [] },
    workloads: [
      { ...workload('deployment/master', []), kept: [{ at, act: 'restart', why }] },
      { ...workload('job/seed-0123456789', []), effectGone: 'http://store/key answers 404' },
    ],
  }
  expect(renderStatus(release, colour)).toBe(`shop in namespace shop, revision 2

  master      1/1    1.0 s  ready
  seed (job)  1/1    1.0 s  done, but its effect is gone: http://store/key answers 404

master was restarted by the keeper at 2026-01-31T10:00:00Z: rabbitmq was replaced
`)
})

test('that an effect is not known is below the table', () => {
  const release: ReleaseStatus = {
    ...{ release: 'shop', namespace: 'shop', revision: 2, state: 'current', drift: [], unread: [] },
    workloads: [
      { ...workload('job/seed-0123456789', []), effectUnknown: 'http://store/key answers 500' },
    ],
  }
  expect(renderStatus(release, colour)).toBe(`shop in namespace shop, revision 2

  seed (job)  1/1    1.0 s  complete

seed (job): whether its effect is still there is not known: http://store/key answers 500
`)
})
