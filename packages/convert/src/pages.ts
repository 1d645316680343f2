import { readFileSync } from 'node:fs'
import { adaptations } from './adaptations/index.ts'
import { asItIs, noMeaning, notConverted } from './ledger/keys/reasons.ts'
import type { DocumentedReason } from './ledger/reasons.ts'
import type { Because } from './plan/because.ts'

/** Id and title of every adaptation, in the order in which they decide. */
export function listAdaptations(): { id: string; title: string }[] {
  return adaptations.map(({ id, title }) => ({ id, title }))
}

/** Every code of a ledger entry with its texts, in the order of the adaptations, then those of keys without one. */
export function listReasons(): readonly DocumentedReason[] {
  const tables = [...adaptations.map(({ reasons }) => reasons), asItIs, noMeaning, notConverted]
  return tables.flatMap((table) => table?.all ?? [])
}

/** Every code of a cause in the plan with its text. */
export function listCauses(): readonly Because[] {
  return adaptations.flatMap(({ causes }) => causes?.all ?? [])
}

/** The README of an adaptation, as it lies beside its code. */
export function adaptationPage(id: string): string {
  return readFileSync(new URL(`./adaptations/${id}/README.md`, import.meta.url), 'utf8')
}
