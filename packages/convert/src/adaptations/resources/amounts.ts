import { parseBytes } from '@landfall/compose'
import { byteQuantity, cpuQuantity } from '@landfall/kube'
import type { ServiceConversion } from '../../conversion.ts'

export type Amounts = Record<string, string>

type Kind = 'memory' | 'cpu' | 'ephemeral-storage'

/** Places of the Compose file that say how much, and of what; the first that says it counts. */
export const LIMITS = [
  [['deploy', 'resources', 'limits', 'memory'], 'memory'],
  [['deploy', 'resources', 'limits', 'cpus'], 'cpu'],
  [['mem_limit'], 'memory'],
  [['cpus'], 'cpu'],
  [['cpu_count'], 'cpu'],
  [['storage_opt', 'size'], 'ephemeral-storage'],
] as const

export const REQUESTS = [
  [['deploy', 'resources', 'reservations', 'memory'], 'memory'],
  [['deploy', 'resources', 'reservations', 'cpus'], 'cpu'],
  [['mem_reservation'], 'memory'],
] as const

/** Microseconds in which `cpu_quota` may be used up, where the project does not say. */
const DEFAULT_PERIOD = 100_000

export function amountAt(
  { compose }: ServiceConversion,
  path: readonly string[],
): string | undefined {
  let value: unknown = compose
  for (const key of path) value = (value as Record<string, unknown> | undefined)?.[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function quantityOf(kind: Kind, value: string): string | undefined {
  if (kind === 'cpu') return Number(value) > 0 ? cpuQuantity(value) : undefined
  const bytes = parseBytes(value)
  return bytes === undefined || bytes === 0 ? undefined : byteQuantity(bytes)
}

export function amounts(
  service: ServiceConversion,
  places: readonly (readonly [readonly string[], Kind])[],
): Amounts {
  const found: Amounts = {}
  for (const [path, kind] of places) {
    const value = amountAt(service, path)
    const quantity = value === undefined ? undefined : quantityOf(kind, value)
    if (quantity !== undefined) found[kind] ??= quantity
  }
  return found
}

/** Processors that `cpu_quota` in a `cpu_period` makes; undefined where there is no quota. */
export function quotaOf(service: ServiceConversion): string | undefined {
  const quota = Number(amountAt(service, ['cpu_quota']) ?? 0)
  const period = Number(amountAt(service, ['cpu_period']) ?? DEFAULT_PERIOD)
  return quota > 0 && period > 0 ? cpuQuantity(String(quota / period)) : undefined
}
