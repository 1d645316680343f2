import { type Origins, type Span, sortByPointer, spanOf } from '@landfall/diagnostic'
import { type ManyText, OUTCOMES, type Outcome, type Reason } from './reasons.ts'

/** What became of one key of the project. */
export interface LedgerEntry {
  /** Of the reason that decided: `rollout/stops-first`. Every code is in docs/ledger-codes.md. */
  code: string
  outcome: Outcome
  /** JSON Pointer into the canonical project. */
  path: string
  /** How, or why, in one line. */
  reason: string
  /** What else became of it: of further things that the key stands for, and what other adaptations added. */
  also?: readonly { code: string; reason: string }[]
  /** With `dropped` and `refused`: the program would behave differently than under Compose. */
  dangerous?: boolean
  /** Accepted in `landfall.yaml`. */
  accepted?: boolean
  at?: Span
  hint?: string
  many?: ManyText
}

export type Ledger = readonly LedgerEntry[]

/** Where adaptations write what they did with a key. One of them owns a key; others may only add to what it says. */
export interface LedgerBook {
  /** The entry of a key. Throws when the key has a different one already: two owners are a bug of the conversion. */
  record(path: string, reason: Reason): void
  /** Adds to the entry of a key, recorded before or after; without such an entry nothing is added. */
  amend(path: string, reason: Reason): void
  /** Adds to the entry of a key, or makes it: for a key that stands for several things (`volumes_from`). */
  add(path: string, reason: Reason): void
  /** Every path that is recorded, in no order. */
  paths(): Iterable<string>
  /** Sorted by path. */
  entries(): Ledger
}

/** An empty book; `accept` are the dangerous drops that the user accepts, as paths without the leading slash. */
export function ledgerBook(origins: Origins, accept: readonly string[]): LedgerBook {
  const accepted = new Set(accept.map((path) => `/${path.replace(/^\//, '')}`))
  const recorded = new Map<string, [Reason, ...Reason[]]>()
  const amendments = new Map<string, Reason[]>()
  let sorted: Ledger | undefined
  const add = (path: string, reason: Reason): void => {
    sorted = undefined
    const parts = recorded.get(path)
    if (parts === undefined) recorded.set(path, [reason])
    else if (!parts.some((part) => isSame(part, reason))) parts.push(reason)
  }
  return {
    add,
    record(path, reason) {
      const [known] = recorded.get(path) ?? []
      if (known !== undefined && !isSame(known, reason))
        throw new Error(
          `two ledger entries for ${path}: ${known.code} (${known.text}) and ${reason.code} (${reason.text})`,
        )
      add(path, reason)
    },
    amend(path, reason) {
      sorted = undefined
      const known = amendments.get(path) ?? []
      if (!known.some((one) => isSame(one, reason))) amendments.set(path, [...known, reason])
    },
    paths: () => recorded.keys(),
    entries() {
      if (sorted !== undefined) return sorted
      const entries = [...recorded].map(([path, parts]): LedgerEntry => {
        const entry = entryOf(path, parts, amendments.get(path) ?? [])
        const at = spanOf(origins, path)
        return {
          ...entry,
          ...(entry.dangerous === true && accepted.has(path) ? { accepted: true } : {}),
          ...(at === undefined ? {} : { at }),
        }
      })
      sorted = sortByPointer(entries, ({ path }) => path)
      return sorted
    },
  }
}

function isSame(one: Reason, other: Reason): boolean {
  return one.code === other.code && one.text === other.text
}

/** The parts of an entry as one: the most that is lost decides. */
function entryOf(
  path: string,
  parts: readonly [Reason, ...Reason[]],
  amendments: readonly Reason[],
): LedgerEntry {
  const owner = worstOf(parts)
  const { outcome, dangerous, hint = owner.hint } = worstOf([owner, ...amendments])
  const also = [...parts, ...amendments]
    .filter((part) => part !== owner)
    .map(({ code, text }) => ({ code, reason: text }))
  return {
    code: owner.code,
    outcome,
    path,
    reason: owner.text,
    ...(also.length === 0 ? {} : { also }),
    ...(dangerous === undefined ? {} : { dangerous }),
    ...(hint === undefined ? {} : { hint }),
    ...(owner.many === undefined ? {} : { many: owner.many }),
  }
}

function worstOf(parts: readonly [Reason, ...Reason[]]): Reason {
  return parts.reduce((worst, part) => (rank(part) > rank(worst) ? part : worst))
}

/** A dangerous drop counts more than another one. */
function rank({ outcome, dangerous }: Reason): number {
  return OUTCOMES.indexOf(outcome) + (dangerous === true ? 0.5 : 0)
}
