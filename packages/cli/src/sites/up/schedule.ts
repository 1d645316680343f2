/** How a site ended, in the words of the verdict. */
export type SiteState = 'ready' | 'failed' | 'away' | 'held'

export interface SiteOutcome {
  site: string
  state: SiteState
  /** Why it is not ready, or that there was nothing to do. */
  reason?: string
  exitCode: number
  /** Milliseconds. */
  ms: number
}

export interface ScheduleOptions {
  /** The names, in the order in which they start where nothing else decides. */
  names: readonly string[]
  /** Names that have to be ready before a site. */
  after: (name: string) => readonly string[]
  atOnce: number
  /** Never rejects. */
  run: (name: string) => Promise<SiteOutcome>
  /** A site that is not run, because one of those before it is not ready. */
  held: (name: string, by: SiteOutcome) => SiteOutcome
}

/**
 * Runs each site when those that it needs are ready, so many at a time. One that is not ready holds up only those that need it. The outcomes are in the order
 * of the names.
 */
export async function scheduleSites(options: ScheduleOptions): Promise<SiteOutcome[]> {
  const { names, after, atOnce, run, held } = options
  const outcomes = new Map<string, Promise<SiteOutcome>>()
  const waiting: (() => void)[] = []
  let free = atOnce
  const turn = () =>
    new Promise<void>((resolve) => {
      if (free > 0) {
        free--
        resolve()
      } else waiting.push(resolve)
    })
  const release = () => {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
  const outcomeOf = (name: string): Promise<SiteOutcome> => {
    const known = outcomes.get(name)
    if (known !== undefined) return known
    const outcome = start(name)
    outcomes.set(name, outcome)
    return outcome
  }
  const start = async (name: string): Promise<SiteOutcome> => {
    const before = await Promise.all(
      after(name)
        .filter((one) => names.includes(one))
        .map(outcomeOf),
    )
    const by = before.find(({ state }) => state !== 'ready')
    if (by !== undefined) return held(name, by)
    await turn()
    try {
      return await run(name)
    } finally {
      release()
    }
  }
  return Promise.all(names.map(outcomeOf))
}
