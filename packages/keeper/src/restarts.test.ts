import { expect, test } from 'vitest'
import { type Decisions, decideRestarts } from './restarts.ts'
import { at, kept, type TestService, worldOf } from './test-world.ts'

const settings = {
  release: 'fog',
  services: [kept('mq'), kept('master', 'mq!'), kept('worker', 'master!', 'mq!')],
}

const mq = { pod: 'mq-1', startedAt: 1, readyAt: 2 }
const master = { pod: 'ma-1', startedAt: 3, readyAt: 4, record: { seen: { mq: ['mq-1/1'] } } }
const worker = {
  ...{ pod: 'wo-1', startedAt: 5, readyAt: 6 },
  record: { seen: { mq: ['mq-1/1'], master: ['ma-1/1'] } },
}

function decide(
  services: Record<string, TestService | TestService[]>,
  now: number,
  open: string[] = [],
) {
  const world = worldOf({ mq, master, worker, ...services })
  return decideRestarts(settings, world, new Set(open), at(now))
}

/** `restart master: mq was replaced`, `record worker`. */
function told({ decisions }: Decisions): string[] {
  return decisions.map((one) =>
    one.type === 'restart'
      ? `restart ${one.service.service}: ${one.why}`
      : `record ${one.service.service}`,
  )
}

const newMq = { pod: 'mq-2', startedAt: 20, readyAt: 22 }

test('as it was seen, nothing is done', () => {
  expect(decide({}, 100)).toEqual({ decisions: [] })
})

test('what was never seen is noted, if nobody has started before it', () => {
  expect(told(decide({ master: { ...master, record: {} } }, 100))).toEqual(['record master'])
})

test('who waits for a service in its gate, and has started before it, has lost it', () => {
  expect(told(decide({ mq: newMq, master: { ...master, record: {} } }, 100))).toEqual([
    'restart master: mq was replaced',
  ])
})

test('a new pod restarts who restarts with it, and those further on when that is done', () => {
  expect(told(decide({ mq: newMq }, 23))).toEqual(['restart master: mq was replaced'])
  const again = { pod: 'ma-2', startedAt: 25, readyAt: 27, record: { seen: { mq: ['mq-2/1'] } } }
  const { decisions } = decide({ mq: newMq, master: again }, 28)
  expect(decisions).toMatchObject([
    {
      service: { service: 'worker' },
      why: 'master and mq were replaced',
      record: { seen: { mq: ['mq-2/1'], master: ['ma-2/1'] } },
    },
  ])
})

test('a new container in the same pod is a new one', () => {
  const crashed = { pod: 'mq-1', container: '2', startedAt: 20, readyAt: 22 }
  expect(told(decide({ mq: crashed }, 23))).toEqual([
    'restart master: a container of mq has restarted',
  ])
})

test('nothing happens before the service is ready again, nor while pods of it are replaced', () => {
  expect(told(decide({ mq: { pod: 'mq-2', startedAt: 20 } }, 23))).toEqual([])
  expect(told(decide({ mq: { ...newMq, rolling: true } }, 23))).toEqual([])
  expect(told(decide({ mq: [newMq, { pod: 'mq-3' }] }, 23))).toEqual([])
})

test('an own start after the service was ready counts', () => {
  const later = { ...master, pod: 'ma-2', startedAt: 23, readyAt: 24 }
  expect(told(decide({ mq: newMq, master: later }, 25))).toEqual([
    'record master',
    // its own start was before that of master
    'restart worker: master and mq were replaced',
  ])
  const third = { ...worker, pod: 'wo-2', startedAt: 26, readyAt: 27 }
  expect(told(decide({ mq: newMq, master: later, worker: third }, 28))).toEqual([
    'record master',
    'record worker',
  ])
})

test('a start in the same second counts for who waits in a gate alone', () => {
  const same = { ...master, pod: 'ma-2', startedAt: 22, readyAt: 24 }
  expect(told(decide({ mq: newMq, master: same }, 25))[0]).toBe('record master')
  const world = worldOf({ mq: newMq, master: same })
  const ungated = { release: 'fog', services: [kept('mq'), kept('master', 'mq')] }
  expect(told(decideRestarts(ungated, world, new Set(), at(25)))).toEqual([
    'restart master: mq was replaced',
  ])
})

test('a pod that is not started yet will start with the service as it is', () => {
  expect(
    told(
      decide({ mq: newMq, master: { ...master, pod: 'ma-2', startedAt: undefined } } as never, 25),
    )[0],
  ).toBe('record master')
})

test('more or fewer pods are no replacement', () => {
  const services = { release: 'fog', services: [kept('mq'), kept('master', 'mq!')] }
  const two = [
    { ...mq, wanted: 2 },
    { pod: 'mq-9', startedAt: 50, readyAt: 51 },
  ]
  const world = worldOf({ mq: two, master })
  expect(told(decideRestarts(services, world, new Set(), at(60)))).toEqual(['record master'])
})

test('while the old pod still answers at the names, the new one is not the service yet', () => {
  const early = {
    release: 'fog',
    services: [{ ...kept('mq'), reachedWhileEnding: true as const }, kept('master', 'mq!')],
  }
  const world = worldOf({ mq: [newMq, { ...mq, endsAt: 40 }], master })
  expect(decideRestarts(early, world, new Set(), at(23))).toEqual({
    decisions: [],
    lookAt: at(41),
  })
  // the node of the old pod is gone
  expect(told(decideRestarts(early, world, new Set(), at(41)))).toEqual([
    'restart master: mq was replaced',
  ])
})

test('who restarts with several waits for all of them, but not for ever', () => {
  const away = { pod: 'ma-2', startedAt: 21 }
  const { decisions, lookAt } = decide({ mq: newMq, master: away }, 23)
  expect(decisions.filter(({ type }) => type === 'restart')).toEqual([])
  expect(lookAt).toBe(at(22 + 120))
  expect(told(decide({ mq: newMq, master: away }, 142))).toContain(
    'restart worker: mq was replaced',
  )
})

test('who restarts with a one-shot waits until it is known whether that runs again', () => {
  expect(told(decide({ mq: newMq }, 23, ['mq']))).toEqual([])
})

test('a storm is capped', () => {
  const acts = [1, 2, 3, 4, 5, 6].map((n) => ({
    at: new Date(at(n * 10)).toISOString(),
    act: 'restart' as const,
    why: '',
  }))
  const stormy = { ...master, record: { ...master.record, acts } }
  const lost = { pod: 'mq-2', startedAt: 70, readyAt: 71 }
  const two = { release: 'fog', services: [kept('mq'), kept('master', 'mq!')] }
  const open = new Set<string>()
  expect(decideRestarts(two, worldOf({ mq: lost, master: stormy }), open, at(72))).toEqual({
    decisions: [],
    lookAt: at(60 + 300),
  })
  const fewer = { ...stormy, record: { ...stormy.record, acts: acts.slice(1) } }
  const calmer = worldOf({ mq: lost, master: fewer })
  expect(told(decideRestarts(two, calmer, open, at(72)))).toEqual([
    'restart master: mq was replaced',
  ])
})
