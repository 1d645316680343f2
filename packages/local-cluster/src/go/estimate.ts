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

/** The recent past: a third of the time so far, within these milliseconds. */
const pastMs = { least: 20_000, most: 120_000 }

/** Nothing that is under way counts as more than nearly done. */
const nearlyDone = 0.95

export function workEstimate(
  parts: readonly WorkPart[],
  last: WorkPart,
  workers: number,
  startedAt: number,
): WorkEstimate {
  const weights = new Map(parts.map(({ name, weight }) => [name, weight]))
  const usual = parts.reduce((sum, { weight }) => sum + weight, 0) / Math.max(1, parts.length)
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

  /** Weight for each millisecond over the recent past. */
  const paceBefore = (now: number): number => {
    const past = Math.min(pastMs.most, Math.max(pastMs.least, (now - startedAt) / 3))
    const first = measured.findLast(({ at }) => at <= now - past) ?? measured[0]
    const newest = measured.at(-1)
    if (first === undefined || newest === undefined || newest.at === first.at) return 0
    return (newest.weight - first.weight) / (newest.at - first.at)
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
      const sum = [...weights.values()].reduce((all, weight) => all + weight, 0)
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
