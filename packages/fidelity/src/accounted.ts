import type { Project } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import type { LedgerLine } from './convert.ts'
import type { Answer } from './question.ts'

/** Every key of every service, and whether the ledger has an entry for it or for each part of it. */
export function accountedKeys({ services }: Project, ledger: readonly LedgerLine[]): Answer[] {
  const paths = new Set(ledger.map(({ path }) => path))
  const account = (path: (string | number)[], value: unknown): Answer[] => {
    const at = toPointer(path)
    if (paths.has(at)) return [{ at }]
    const parts = typeof value === 'object' && value !== null ? Object.entries(value) : []
    if (parts.length === 0 || ![...paths].some((one) => one.startsWith(`${at}/`)))
      return [{ at, missing: 'the ledger has no entry for it' }]
    return parts.flatMap(([key, child]) => account([...path, key], child))
  }
  return Object.entries(services).flatMap(([service, keys]) =>
    Object.entries(keys).flatMap(([key, value]) => account(['services', service, key], value)),
  )
}
