/** A part of the work that is compiled by itself. */
export interface WorkPart {
  name: string
  /** In proportion to the other parts. */
  weight: number
}

export interface WorkState {
  /** Parts that are done; those under way do not count. */
  done: number
  total: number
  /** What began last. */
  current: string | undefined
  /** What is left, in milliseconds, at the pace of the recent past; undefined before a twentieth is done. */
  leftMs: number | undefined
}

/** Follows parts of work that are done `workers` at a time, and one last part that needs all of the others. All times are milliseconds of one clock. */
export interface WorkEstimate {
  /** A part has begun. Parts that were not announced count too, with the weight of a usual one. */
  begin(name: string, now: number): void
  /** Only the last part is left. */
  beginLast(now: number): void
  state(now: number): WorkState
}

/** The share of the work after which the pace is known well enough. */
const knownShare = 0.05

/** The long past: a third of the time so far, within these milliseconds. It is steady where parts are larger or smaller than their weights say. */
const longMs = { least: 20_000, most: 120_000 }

/** The short past: so many milliseconds, and this share of the work. It soon shows that the machine has become slower or faster. */
const short = { leastMs: 20_000, share: 0.04 }

/** Nothing that is under way counts as more than nearly done. */
const nearlyDone = 0.95

export function workEstimate(
  parts: readonly WorkPart[],
  last: WorkPart,
  workers: number,
  startedAt: number,
): WorkEstimate {
  const weights = new Map(parts.map(({ name, weight }) => [name, weight]))
  const all = parts.reduce((sum, { weight }) => sum + weight, 0)
  const usual = all / Math.max(1, parts.length)
  const begun: { name: string; weight: number; at: number }[] = []
  const seen = new Set<string>()
  const measured: { at: number; weight: number }[] = [{ at: startedAt, weight: 0 }]
  let lastSince: number | undefined

  /** Work that is done, with a share of what is under way: of the last `workers` parts that began. */
  const doneAt = (now: number): number => {
    const finished = Math.max(0, begun.length - workers)
    const pace = paceBefore(now)
    let sum = 0
    for (const [index, { weight, at }] of begun.entries()) {
      const share =
        index < finished ? 1 : Math.min(nearlyDone, ((now - at) * pace) / workers / weight)
      sum += weight * share
    }
    return sum
  }

  /** Weight for each millisecond over the recent past: the geometric mean of the long and the short one. */
  const paceBefore = (now: number): number => {
    const long = Math.min(longMs.most, Math.max(longMs.least, (now - startedAt) / 3))
    const newest = measured.at(-1)
    const far = measured.findLast(({ at }) => at <= now - long) ?? measured[0]
    if (far === undefined || newest === undefined || newest.at === far.at) return 0
    const before = newest.weight - short.share * all
    const near =
      measured.findLast(
        ({ at, weight }) => at <= now - short.leastMs && at < newest.at && weight <= before,
      ) ?? far
    const pace = (from: typeof far) => (newest.weight - from.weight) / (newest.at - from.at)
    return Math.sqrt(pace(far) * pace(near.at < far.at ? far : near))
  }

  const measure = (now: number): void => {
    const weight = Math.max(doneAt(now), measured.at(-1)?.weight ?? 0)
    measured.push({ at: now, weight })
  }

  return {
    begin(name, now) {
      if (seen.has(name)) return
      seen.add(name)
      const weight = weights.get(name) ?? usual
      weights.set(name, weight)
      begun.push({ name, weight, at: now })
    },
    beginLast(now) {
      if (lastSince !== undefined) return
      measure(now)
      lastSince = now
    },
    state(now) {
      if (lastSince === undefined) measure(now)
      const total = weights.size
      const sum = [...weights.values()].reduce((added, weight) => added + weight, 0)
      const done = measured.at(-1)?.weight ?? 0
      const pace = paceBefore(lastSince ?? now)
      const known = pace > 0 && done >= knownShare * sum
      // The last part runs alone, at the pace of one worker.
      const lastMs = (last.weight * workers) / pace
      const leftMs =
        lastSince === undefined
          ? (sum - done) / pace + lastMs
          : Math.max(lastMs - (now - lastSince), 0)
      return {
        done: lastSince === undefined ? Math.max(0, begun.length - workers) : total,
        total,
        current: lastSince === undefined ? begun.at(-1)?.name : last.name,
        leftMs: known ? leftMs : undefined,
      }
    },
  }
}
