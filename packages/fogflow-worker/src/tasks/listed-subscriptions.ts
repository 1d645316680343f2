import type { Progress } from './store/record.ts'

/** What a broker lists: the references of its subscriptions by id. */
export type Listed = ReadonlyMap<string, string>

/** Compares what a task knows of its subscriptions with what the broker lists. */
export interface ListedSubscriptions {
  /**
   * The progress without the subscriptions that the broker has lost, as it does when it restarts; undefined if it has lost none. One that it
   * never listed is not counted as lost: then it is not known how the broker lists them.
   */
  withoutLost(progress: Progress, listed: Listed): Progress | undefined
}

export function listedSubscriptions(): ListedSubscriptions {
  const seen = new Set<string>()
  return {
    withoutLost(progress, listed) {
      const entries = Object.entries(progress.subscriptions)
      for (const [, id] of entries) if (listed.has(id)) seen.add(id)
      const kept = entries.filter(([, id]) => listed.has(id) || !seen.has(id))
      if (kept.length === entries.length) return undefined
      for (const [, id] of entries) if (!listed.has(id)) seen.delete(id)
      return { ...progress, subscriptions: Object.fromEntries(kept) }
    },
  }
}

/** Subscriptions for a task that it does not know: a worker ended, or an answer was lost, before they were noted. */
export function unknownTo({ reference, subscriptions }: Progress, listed: Listed): string[] {
  const known = new Set(Object.values(subscriptions))
  return [...listed].flatMap(([id, of]) => (of === reference && !known.has(id) ? [id] : []))
}
