import { readFileSync } from 'node:fs'
import { adaptations } from './adaptations/index.ts'

/** Id and title of every adaptation, in the order in which they decide. */
export function listAdaptations(): { id: string; title: string }[] {
  return adaptations.map(({ id, title }) => ({ id, title }))
}

/** The README of an adaptation, as it lies beside its code. */
export function adaptationPage(id: string): string {
  return readFileSync(new URL(`./adaptations/${id}/README.md`, import.meta.url), 'utf8')
}
