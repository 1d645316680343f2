import { toPointer } from '@landfall/diagnostic'
import { parseQuantity } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import { declare } from '../../objects/parameters.ts'
import type { Resources } from '../../plan/plan.ts'
import { amountAt, amounts, LIMITS, quotaOf, REQUESTS } from './amounts.ts'
import { reason } from './reasons.ts'

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const AMOUNTS_SCHEMA = {
  type: 'object',
  additionalProperties: {
    type: ['string', 'number'],
    pattern: '^[0-9]+(?:\\.[0-9]+)?(?:[mkMGTPE]|[KMGTPE]i)?$',
    minimum: 0,
  },
}

const RESOURCES_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: { requests: AMOUNTS_SCHEMA, limits: AMOUNTS_SCHEMA },
}

/** Limits and requests; what `landfall.yaml` says goes before, its memory as both, its cpu as a request. */
function resourcesOf(service: ServiceConversion): Resources {
  const { memory, cpu } = service.settings.resources ?? {}
  const quota = quotaOf(service)
  const limits = {
    ...(quota === undefined ? {} : { cpu: quota }),
    ...amounts(service, LIMITS),
    ...(memory === undefined ? {} : { memory: String(memory) }),
  }
  const requests = {
    ...amounts(service, REQUESTS),
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory: String(memory) }),
  }
  for (const kind of ['memory', 'cpu'] as const)
    if (isMore(requests[kind], limits[kind])) requests[kind] = limits[kind] as string
  return {
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

/** The API takes no request above its limit; Docker takes no such reservation either. */
function isMore(request: string | undefined, limit: string | undefined): boolean {
  return (
    request !== undefined &&
    limit !== undefined &&
    (parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? 0)
  )
}

function isLowered(service: ServiceConversion, path: readonly string[], kind: string): boolean {
  const requests = amounts(service, REQUESTS)
  return (
    REQUESTS.some(([own]) => own === path) && isMore(requests[kind], amounts(service, LIMITS)[kind])
  )
}

/** Docker allows as much swap as memory unless told otherwise; a pod has none, or what its node gives it. */
function noteSwap(service: ServiceConversion): void {
  const { compose, note } = service
  const { memswap_limit: total } = compose
  if (total === undefined) return
  note(['memswap_limit'], reason(total === compose.mem_limit ? 'no-swap' : 'swap'))
}

/** What is 0 says nothing, as with Docker. */
function noteAmounts(service: ServiceConversion): void {
  const { note } = service
  for (const [path, kind] of [...LIMITS, ...REQUESTS])
    if (amountAt(service, path) !== undefined)
      if (isLowered(service, path, kind)) note(path, reason('lowered'))
      else if (kind === 'ephemeral-storage') note(path, reason('ephemeral-storage'))
      else note(path, reason('resources'))
  const cpus = quotaOf(service)
  for (const key of ['cpu_quota', 'cpu_period'])
    if (amountAt(service, [key]) !== undefined)
      note([key], cpus === undefined ? reason('no-quota') : reason('quota', { cpus }))
  for (const key of Object.keys((service.compose.storage_opt ?? {}) as object))
    if (key !== 'size') note(['storage_opt', key], reason('storage-option'))
  noteSwap(service)
}

export default {
  id: 'resources',
  reasons: reason,
  title: 'Set memory and CPU limits and requests',
  plan({ services }) {
    for (const service of services) {
      noteAmounts(service)
      service.plan.resources = resourcesOf(service)
    }
  },
  build(draft) {
    for (const { service, container } of containersOf(draft, 'program')) {
      if (Object.keys(service.resources).length > 0) container.resources = service.resources
      declare(draft.parameters, {
        path: ['services', service.service, 'resources'],
        default: service.resources,
        schema: RESOURCES_SCHEMA,
        description: 'requests and limits of the program',
        origin: toPointer(['services', service.service, 'deploy', 'resources']),
        at: [{ in: container, key: 'resources', as: 'optional' }],
      })
    }
  },
} satisfies Adaptation
