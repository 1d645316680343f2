import { displayPath, ownValue } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { reason } from './reasons.ts'

/** What the device plugins of the vendors call their resource. */
const RESOURCES: Readonly<Record<string, string>> = {
  nvidia: 'nvidia.com/gpu',
  amd: 'amd.com/gpu',
  intel: 'gpu.intel.com/i915',
}

/** A request for devices as Compose has it, in `gpus` and in `deploy.resources.reservations.devices`. */
interface Request {
  keys: (string | number)[]
  driver: string
  capabilities: string[]
  /** -1: all that there are. */
  count: number
  ids: string[]
}

function requestsOf({ compose }: ServiceConversion): Request[] {
  const resources = compose.deploy?.resources as
    | { reservations?: { devices?: unknown } }
    | undefined
  return [
    ...listOf(compose.gpus, ['gpus'], ['gpu']),
    ...listOf(
      resources?.reservations?.devices,
      ['deploy', 'resources', 'reservations', 'devices'],
      [],
    ),
  ]
}

function listOf(value: unknown, keys: string[], implied: string[]): Request[] {
  if (!Array.isArray(value)) return []
  return value.map(({ driver, capabilities, count, device_ids }, index) => {
    const ids = Array.isArray(device_ids) ? device_ids.map(String) : []
    return {
      keys: [...keys, index],
      driver: typeof driver === 'string' && driver !== '' ? driver : 'nvidia',
      capabilities: [...implied, ...(Array.isArray(capabilities) ? capabilities.map(String) : [])],
      count: ids.length > 0 ? ids.length : Number(count ?? -1),
      ids,
    }
  })
}

function resourceOf({ driver, capabilities }: Request): string | undefined {
  const graphics = capabilities.some((one) => one === 'gpu' || Object.hasOwn(RESOURCES, one))
  return graphics ? ownValue(RESOURCES, driver) : undefined
}

/** A pod asks for a number; where the project wants all that a machine has, for one. */
function numberOf({ count }: Request): number {
  return count > 0 ? count : 1
}

/** Processors of each kind that a container asks for. */
export function requestedProcessors(service: ServiceConversion): Record<string, string> {
  const wanted: Record<string, number> = {}
  for (const request of requestsOf(service)) {
    const resource = resourceOf(request)
    if (resource !== undefined)
      wanted[resource] = Math.max(wanted[resource] ?? 0, numberOf(request))
  }
  return Object.fromEntries(
    Object.entries(wanted).map(([resource, count]) => [resource, String(count)]),
  )
}

/** The ledger entry of each request. */
export function noteRequests(service: ServiceConversion): void {
  for (const request of requestsOf(service)) service.note(request.keys, reasonOf(request))
}

/** One warning for all requests of every device of a machine: a pod requests a number. */
export function reportAll({ services, report }: Conversion): void {
  const all = services.flatMap((service) =>
    requestsOf(service)
      .filter((request) => request.count <= 0 && resourceOf(request) !== undefined)
      .map((request) => ({ service, request })),
  )
  const [first] = all
  if (first === undefined) return
  const names = [...new Set(all.map(({ service }) => service.service))]
  report({
    code: 'convert/all-devices',
    severity: 'warning',
    message: `${names.join(', ')} ${names.length === 1 ? 'requests' : 'request'} all GPUs, but a pod must request a number: ${names.length === 1 ? 'it gets' : 'each gets'} 1`,
    path: first.service.at(...first.request.keys),
    hint: `set a number: ${displayPath(first.service.at(...first.request.keys, 'count'))}`,
  })
}

function reasonOf(request: Request): Reason {
  const { driver, capabilities, ids } = request
  const resource = resourceOf(request)
  const count = numberOf(request)
  if (resource === undefined)
    return reason('unknown-plugin', { device: [driver, ...capabilities].join(' ') })
  if (ids.length > 0) return reason('any-requested', { count, resource })
  return reason(request.count > 0 ? 'requested' : 'one-requested', { count, resource })
}
