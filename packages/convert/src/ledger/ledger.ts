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

/** An entry as it is given to the book. */
export type NewEntry = Omit<LedgerEntry, 'at' | 'accepted'>

/** Where adaptations write what they did with a key. One of them owns a key; others may only add to what it says. */
export interface LedgerBook {
  /** The entry of a key. Throws when the key has another one already: two owners are a bug of the conversion. */
  record(entry: NewEntry): void
  /** Adds to the entry of a key, recorded before or after; without such an entry nothing is added. */
  amend(path: string, reason: string): void
  /** Adds to the entry of a key, or makes it: for a key that stands for several things (`volumes_from`). */
  add(entry: NewEntry): void
  /** Every path that is recorded, in no order. */
  paths(): Iterable<string>
  /** Sorted by path. */
  entries(): Ledger
}

/** From the least to the most that is lost: of several parts of an entry the last in this order is its outcome. */
const OUTCOMES: readonly LedgerEntry['outcome'][] = [
  'kept',
  'ignored',
  'adapted',
  'dropped',
  'refused',
]

/** An empty book; `accept` are the dangerous drops that the user takes, as paths without the leading slash. */
export function ledgerBook(origins: Origins, accept: readonly string[]): LedgerBook {
  const accepted = new Set(accept.map((path) => `/${path.replace(/^\//, '')}`))
  const recorded = new Map<string, NewEntry[]>()
  const amendments = new Map<string, string[]>()
  const add = (entry: NewEntry): void => {
    const parts = recorded.get(entry.path) ?? []
    if (!parts.some((part) => isSame(part, entry))) recorded.set(entry.path, [...parts, entry])
  }
  return {
    add,
    record(entry) {
      const [known] = recorded.get(entry.path) ?? []
      if (known !== undefined && !isSame(known, entry))
        throw new Error(
          `two ledger entries for ${entry.path}: ${known.code} (${known.reason}) and ${entry.code} (${entry.reason})`,
        )
      add(entry)
    },
    amend(path, reason) {
      const known = amendments.get(path) ?? []
      if (!known.includes(reason)) amendments.set(path, [...known, reason])
    },
    paths: () => recorded.keys(),
    entries() {
      return [...recorded]
        .map(([path, parts]) => {
          const entry = merged(parts, amendments.get(path) ?? [])
          const at = spanOf(origins, path)
          return {
            ...entry,
            ...(entry.dangerous === true && accepted.has(path) ? { accepted: true } : {}),
            ...(at === undefined ? {} : { at }),
          }
        })
        .sort((a, b) => naturalOrder(a.path, b.path))
    },
  }
}

function isSame(one: NewEntry, other: NewEntry): boolean {
  return one.code === other.code && one.outcome === other.outcome && one.reason === other.reason
}

/** The parts of an entry as one: the most that is lost decides, and every part is in the reason. */
function merged(parts: readonly NewEntry[], amendments: readonly string[]): NewEntry {
  const worst = parts.reduce((a, b) => (rank(b) > rank(a) ? b : a))
  const adapted = amendments.length > 0 && rank(worst) < OUTCOMES.indexOf('adapted')
  return {
    ...worst,
    ...(adapted ? { outcome: 'adapted' } : {}),
    reason: [...parts.map(({ reason }) => reason), ...amendments].join('; '),
  }
}

/** A dangerous drop counts more than another one. */
function rank({ outcome, dangerous }: NewEntry): number {
  return OUTCOMES.indexOf(outcome) + (dangerous === true ? 0.5 : 0)
}
