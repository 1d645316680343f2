import { expect, test } from 'vitest'
import { type WorkPart, type WorkState, workEstimate } from './estimate.ts'

const workers = 2

/** Parts of very different sizes, the same at each run; what each takes is up to 40 % more or less than its weight. */
function workOf(count: number): (WorkPart & { takesMs: number })[] {
  let seed = 7
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return seed / 2 ** 31
  }
  return Array.from({ length: count }, (_, index) => {
    const weight = 0.05 + random() ** 6 * 10
    return { name: `p${index}`, weight, takesMs: weight * 1000 * (0.6 + 0.8 * random()) }
  })
}

/** Does the work, and takes the state each second; `speed` is how fast the machine is at a time (1: as the weights say). */
function play(
  parts: readonly (WorkPart & { takesMs: number })[],
  last: { weight: number; takesMs: number },
  speed: (now: number) => number,
): { states: { now: number; state: WorkState }[]; endsAt: number } {
  const work = workEstimate(parts, { name: 'linking', weight: last.weight }, workers, 0)
  const states: { now: number; state: WorkState }[] = []
  const waiting = [...parts]
  let running: { left: number }[] = []
  let linking: number | undefined
  for (let now = 0; ; now += 50) {
    running = running.filter((one) => one.left > 0)
    while (running.length < workers && waiting.length > 0) {
      const next = waiting.shift()
      if (next === undefined) break
      work.begin(next.name, now)
      running.push({ left: next.takesMs })
    }
    if (running.length === 0) {
      if (linking === undefined) work.beginLast(now)
      linking = (linking ?? last.takesMs) - 50 * speed(now)
      if (linking <= 0) return { states, endsAt: now }
    }
    for (const one of running) one.left -= 50 * speed(now)
    if (now % 1000 === 0) states.push({ now, state: work.state(now) })
  }
}

const ratios = (
  { states, endsAt }: ReturnType<typeof play>,
  between: (now: number) => boolean,
): number[] =>
  states
    // At the very end a second more or less is a large factor of what is left.
    .filter(({ now }) => between(now) && now < endsAt * 0.97)
    .map(({ now, state }) => (state.leftMs ?? Number.POSITIVE_INFINITY) / (endsAt - now))

test('after the first tenth the estimate is right by a factor of 1.5, on a fast and on a slow machine', () => {
  for (const speed of [4, 1, 0.25]) {
    const played = play(workOf(600), { weight: 6, takesMs: 6_500 }, () => speed)
    for (const ratio of ratios(played, (now) => now > played.endsAt / 10)) {
      expect(ratio).toBeGreaterThan(1 / 1.5)
      expect(ratio).toBeLessThan(1.5)
    }
  }
})

test.each([
  ['half as fast', 0.5, 45_000],
  ['twice as fast', 2, 45_000],
  ['a third as fast', 1 / 3, 60_000],
])(
  'a machine that becomes %s: the estimate is right again by a factor of 1.5 soon after',
  (_, factor, withinMs) => {
    const changesAt = 200_000
    const played = play(workOf(900), { weight: 6, takesMs: 6_500 }, (now) =>
      now < changesAt ? 1 : factor,
    )
    expect(played.endsAt).toBeGreaterThan(changesAt + withinMs + 60_000)
    for (const ratio of ratios(played, (now) => now > changesAt + withinMs)) {
      expect(ratio).toBeGreaterThan(1 / 1.5)
      expect(ratio).toBeLessThan(1.5)
    }
  },
)

test('there is no estimate before anything is known, and nothing is done twice', () => {
  const work = workEstimate(
    [
      { name: 'a', weight: 1 },
      { name: 'b', weight: 1 },
    ],
    { name: 'linking', weight: 1 },
    1,
    0,
  )
  expect(work.state(0)).toEqual({ done: 0, total: 2, current: undefined, leftMs: undefined })
  work.begin('a', 0)
  work.begin('a', 10)
  work.begin('b', 1_000)
  expect(work.state(1_500)).toMatchObject({ done: 1, total: 2, current: 'b' })
  work.beginLast(2_000)
  expect(work.state(2_000)).toMatchObject({ done: 2, total: 2, current: 'linking' })
})

test('a part that was not announced counts', () => {
  const work = workEstimate([{ name: 'a', weight: 1 }], { name: 'linking', weight: 1 }, 1, 0)
  work.begin('other', 0)
  expect(work.state(0).total).toBe(2)
})
