import { byteQuantity, cpuQuantity, parseByteValue } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import type { Container } from '../../pod.ts'

const id = 'resources'

type Amounts = Record<string, string>

/** Places of the Compose file that say how much, and of what. */
const LIMITS = [
  [['deploy', 'resources', 'limits', 'memory'], 'memory'],
  [['deploy', 'resources', 'limits', 'cpus'], 'cpu'],
  [['mem_limit'], 'memory'],
  [['cpus'], 'cpu'],
] as const

const REQUESTS = [
  [['deploy', 'resources', 'reservations', 'memory'], 'memory'],
  [['deploy', 'resources', 'reservations', 'cpus'], 'cpu'],
  [['mem_reservation'], 'memory'],
] as const

function amountAt({ compose }: ServiceConversion, path: readonly string[]): string | undefined {
  let value: unknown = compose
  for (const key of path) value = (value as Record<string, unknown> | undefined)?.[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function quantityOf(kind: 'memory' | 'cpu', value: string): string | undefined {
  if (kind === 'cpu') return cpuQuantity(value)
  const bytes = parseByteValue(value)
  return bytes === undefined || bytes === 0 ? undefined : byteQuantity(bytes)
}

function amounts(
  service: ServiceConversion,
  places: readonly (readonly [readonly string[], 'memory' | 'cpu'])[],
): Amounts {
  const found: Amounts = {}
  for (const [path, kind] of places) {
    const value = amountAt(service, path)
    const quantity = value === undefined ? undefined : quantityOf(kind, value)
    if (quantity !== undefined) found[kind] ??= quantity
  }
  return found
}

/** Limits and requests; what `landfall.yaml` says goes before, its memory as both, its cpu as a request. */
function resourcesOf(service: ServiceConversion): Container['resources'] {
  const { memory, cpu } = service.settings.resources ?? {}
  const limits = {
    ...amounts(service, LIMITS),
    ...(memory === undefined ? {} : { memory: String(memory) }),
  }
  const requests = {
    ...amounts(service, REQUESTS),
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory: String(memory) }),
  }
  return {
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

export default {
  id,
  title: 'Limit and reserve memory and processors',
  plan({ services }) {
    for (const service of services)
      for (const [path] of [...LIMITS, ...REQUESTS])
        if (amountAt(service, path) !== undefined)
          service.note(id, path, 'kept', 'resources of the container')
  },
  build({ workloads }) {
    for (const { from, program } of workloads) {
      const resources = resourcesOf(from)
      if (resources !== undefined && Object.keys(resources).length > 0)
        program.resources = resources
    }
  },
} satisfies Adaptation
