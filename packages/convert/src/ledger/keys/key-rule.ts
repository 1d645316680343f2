import type { LedgerEntry } from '../ledger.ts'

/** Code of a ledger entry that no adaptation decided. */
export type AnswerCode = 'as-it-is' | 'no-meaning' | 'not-converted'

/** What the ledger says of a key that no adaptation answers for. */
export type KeyAnswer = Omit<LedgerEntry, 'code' | 'path' | 'at' | 'accepted'> & {
  code: AnswerCode
}

/**
 * Who answers for a key of the Compose schema: adaptations (several where the value decides which), the loader, which
 * leaves nothing of it in the project, or the ledger itself with one sentence.
 */
export type KeyRule = { by: readonly string[] } | { loader: string } | { answer: KeyAnswer }

/** By path in the schema: `services.*.cap_add`; covers everything below that has no line of its own. */
export type KeyRules = Readonly<Record<string, KeyRule>>

export function by(...adaptations: string[]): KeyRule {
  return { by: adaptations }
}

export function loader(reason: string): KeyRule {
  return { loader: reason }
}

export function kept(reason: string): KeyRule {
  return { answer: { code: 'as-it-is', outcome: 'kept', reason } }
}

export function ignored(reason: string): KeyRule {
  return { answer: { code: 'no-meaning', outcome: 'ignored', reason } }
}

/** The program behaves as under Compose, but for what the reason says. */
export function dropped(reason: string, hint?: string): KeyRule {
  return { answer: answerOf('dropped', reason, hint) }
}

/** The program would behave otherwise than under Compose. */
export function dangerous(
  reason: string,
  hint = 'accept it if the program works without',
): KeyRule {
  return { answer: { ...answerOf('dropped', reason, hint), dangerous: true } }
}

/** Cannot be had on Kubernetes at all: an error, until it is accepted. */
export function refused(reason: string, hint: string): KeyRule {
  return { answer: { ...answerOf('refused', reason, hint), dangerous: true } }
}

function answerOf(outcome: 'dropped' | 'refused', reason: string, hint?: string): KeyAnswer {
  return { code: 'not-converted', outcome, reason, ...(hint === undefined ? {} : { hint }) }
}
