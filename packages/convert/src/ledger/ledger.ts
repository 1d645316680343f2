import { naturalOrder, type Origins, type Span, spanOf } from '@landfall/diagnostic'

/** What became of one key of the project. */
export interface LedgerEntry {
  /** Id of the adaptation that decided, or of the claim: `healthcheck-to-probes`. */
  code: string
  outcome: 'kept' | 'adapted' | 'ignored' | 'dropped' | 'refused'
  /** JSON Pointer into the canonical project. */
  path: string
  /** How, or why, as one sentence. */
  reason: string
  /** With `dropped` and `refused`: the program would behave otherwise than under Compose. */
  dangerous?: boolean
  /** Taken by name in `landfall.yaml`. */
  accepted?: boolean
  at?: Span
  hint?: string
}

export type Ledger = readonly LedgerEntry[]

/** Where adaptations write what they did with a key. One entry a path: the first to decide is who answers for it. */
export interface LedgerBook {
  record(entry: Omit<LedgerEntry, 'at' | 'accepted'>): void
  /** Adds to what is recorded at a path, now or later, which is then adapted. */
  amend(path: string, sentence: string): void
  /** Every path that is recorded, in no order. */
  paths(): Iterable<string>
  /** Sorted by path. */
  entries(): Ledger
}

/** An empty book; `accept` are the dangerous drops that the user takes, as paths without the leading slash. */
export function ledgerBook(origins: Origins, accept: readonly string[]): LedgerBook {
  const accepted = new Set(accept.map((path) => `/${path.replace(/^\//, '')}`))
  const byPath = new Map<string, LedgerEntry>()
  const early = new Map<string, string[]>()
  const amend = (path: string, sentence: string): void => {
    const entry = byPath.get(path)
    if (entry === undefined) early.set(path, [...(early.get(path) ?? []), sentence])
    else if (!entry.reason.split('; ').includes(sentence))
      byPath.set(path, { ...entry, outcome: 'adapted', reason: `${entry.reason}; ${sentence}` })
  }
  return {
    amend,
    record(entry) {
      if (byPath.has(entry.path)) return
      const at = spanOf(origins, entry.path)
      byPath.set(entry.path, {
        ...entry,
        ...(entry.dangerous === true && accepted.has(entry.path) ? { accepted: true } : {}),
        ...(at === undefined ? {} : { at }),
      })
      for (const sentence of early.get(entry.path) ?? []) amend(entry.path, sentence)
    },
    paths: () => byPath.keys(),
    entries() {
      return [...byPath.values()].sort((a, b) => naturalOrder(a.path, b.path))
    },
  }
}
