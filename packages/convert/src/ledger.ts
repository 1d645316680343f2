import type { Span } from '@landfall/diagnostic'

/** What became of one key of the project. */
export interface LedgerEntry {
  /** Id of the adaptation that decided, or of the claim: `healthcheck-to-probes`. */
  code: string
  outcome: 'kept' | 'adapted' | 'ignored' | 'dropped' | 'refused'
  /** JSON Pointer into the canonical project. */
  path: string
  /** How, or why, as one sentence. */
  reason: string
  /** Only with `dropped`: the program would behave otherwise than under Compose. */
  dangerous?: boolean
  /** Taken by name in `landfall.yaml`. */
  accepted?: boolean
  at?: Span
  hint?: string
}

export type Ledger = readonly LedgerEntry[]
