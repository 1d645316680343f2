import type { Reason } from '../reasons.ts'

/**
 * Who answers for a key of the Compose schema: adaptations (several where the value decides which), the loader, which
 * leaves nothing of it in the project, or the ledger itself with one reason.
 */
export type KeyRule = { by: readonly string[] } | { loader: string } | { answer: Reason }

/** By path in the schema: `services.*.cap_add`; covers everything below that has no line of its own. */
export type KeyRules = Readonly<Record<string, KeyRule>>

export function by(...adaptations: string[]): KeyRule {
  return { by: adaptations }
}

export function loader(reason: string): KeyRule {
  return { loader: reason }
}

export function answer(reason: Reason): KeyRule {
  return { answer: reason }
}
