import { expect, test } from 'vitest'
import { emptyRegion, noteDeploy, noteProgress, renderRegion } from './region.ts'

const plain = (_role: string, text: string) => text
const operation = (id: number, object: string) =>
  ({ id, object, verb: 'create', cause: 'does not exist yet' }) as const

function deployed(...objects: string[]) {
  const region = emptyRegion()
  noteDeploy(
    region,
    {
      type: 'plan',
      operations: objects.map((object, id) => operation(id, object)),
    },
    0,
  )
  return region
}

test('workloads stand in the order of the plan, with what they wait for', () => {
  const region = deployed(
    'configmap/files',
    'job/migrate-4a5bf3f8de',
    'deployment/api',
    'deployment/db',
  )
  noteDeploy(region, { type: 'wait', object: 'deployment/api', message: 'waits for migrate' }, 0)
  noteDeploy(region, { type: 'ready', object: 'deployment/db', ms: 4200 }, 0)
  noteDeploy(region, { type: 'wait', object: 'job/migrate-4a5bf3f8de', message: 'runs' }, 0)
  expect(renderRegion(region, 0, { columns: 80, rows: 20 }, plain)).toEqual([
    '· migrate (job)  runs',
    '· api            waits for migrate',
    '✓ db             ready after 4.2 s',
  ])
})

test('a short terminal shows who is not ready, and counts the others', () => {
  const region = deployed('deployment/a', 'deployment/b', 'deployment/c', 'deployment/d')
  for (const object of ['deployment/a', 'deployment/b', 'deployment/c'])
    noteDeploy(region, { type: 'ready', object, ms: 1000 }, 0)
  expect(renderRegion(region, 0, { columns: 80, rows: 2 }, plain)).toEqual([
    '· d  not checked yet',
    '  and 3 more',
  ])
})

test('no line is wider than the terminal', () => {
  const region = deployed('deployment/web')
  noteDeploy(region, { type: 'wait', object: 'deployment/web', message: 'x'.repeat(200) }, 0)
  noteProgress(region, { step: 'building', state: 'start', detail: 'y'.repeat(200) }, 0)
  const lines = renderRegion(region, 0, { columns: 40, rows: 20 }, plain)
  expect(lines.map((line) => line.length)).toEqual([40, 40])
  expect(lines[0]).toMatch(/… {2}0\.0 s$/)
})

test('a step is shown while it runs, and its line with the time stays when it is done', () => {
  const region = emptyRegion()
  expect(noteProgress(region, { step: 'building', state: 'start' }, 1000)).toBeUndefined()
  expect(
    noteProgress(region, { step: 'building', state: 'progress', detail: '3 of 9' }, 2000),
  ).toBeUndefined()
  expect(renderRegion(region, 3000, { columns: 80, rows: 20 }, plain)[0]).toContain(
    'building  3 of 9  2.0 s',
  )
  expect(noteProgress(region, { step: 'building', state: 'done' }, 13_400)).toBe('building, 12 s')
  expect(renderRegion(region, 13_400, { columns: 80, rows: 20 }, plain)).toEqual([])
})

test('a step that was cached leaves no line', () => {
  expect(noteProgress(emptyRegion(), { step: 'building', state: 'cached' }, 0)).toBeUndefined()
})

test('what a probe printed over several lines, in colours, is one line', () => {
  const region = deployed('deployment/mq')
  const message = 'Startup probe failed: \x1b[1mUsage\x1b[0m\n\n  rabbitmq\n'
  noteDeploy(region, { type: 'wait', object: 'deployment/mq', message }, 0)
  expect(renderRegion(region, 0, { columns: 80, rows: 20 }, plain)).toEqual([
    '· mq  Startup probe failed: Usage rabbitmq',
  ])
})

test('a port or a cluster is shown while it is waited for, and no longer', () => {
  const region = deployed('deployment/db')
  const object = 'port/db-5432'
  noteDeploy(
    region,
    { type: 'wait', object, message: 'published port 5432 does not answer yet' },
    0,
  )
  expect(renderRegion(region, 0, { columns: 80, rows: 20 }, plain)[1]).toContain(
    'db  published port',
  )
  noteDeploy(region, { type: 'ready', object, ms: 1_000 }, 0)
  expect(renderRegion(region, 0, { columns: 80, rows: 20 }, plain)).toHaveLength(1)
})
