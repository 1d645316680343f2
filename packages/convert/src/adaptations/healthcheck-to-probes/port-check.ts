import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { isHealthUnknown } from '../../facts/healthcheck.ts'
import { inPodOf, podOf } from '../../facts/pods.ts'
import { because } from './causes.ts'
import { reason } from './reasons.ts'

/** For each service that other pods wait for until it is healthy: the first that does. */
export function waitingForHealthy(conversion: Conversion): Map<string, ServiceConversion> {
  const waiting = new Map<string, ServiceConversion>()
  for (const service of conversion.services)
    for (const [name, { condition }] of Object.entries(service.compose.depends_on ?? {})) {
      const target = conversion.serviceOf(name)
      const apart = target !== undefined && podOf(target) !== podOf(service)
      if (condition === 'service_healthy' && apart && !waiting.has(name)) waiting.set(name, service)
    }
  return waiting
}

/**
 * A service that others wait for until it is healthy, whose test only the image knows, and nothing is known of the
 * image: it counts as healthy when its first port answers. Returns whether that was decided.
 */
export function planByPort(
  conversion: Conversion,
  service: ServiceConversion,
  waiting: ServiceConversion | undefined,
): boolean {
  const { plan, note, compose } = service
  const port = portOf(service)
  if (waiting === undefined || port === undefined || !isUnknown(service)) return false
  const probe = {
    because: because('awaited'),
    action: { tcpSocket: { port } },
    timeout: 5,
  }
  // In a pod of several the port may be that of a container which starts after this one.
  if (!isShared(conversion, service)) plan.startup = { ...probe, period: 1, failures: 600 }
  plan.readiness = { ...probe, period: 5, failures: 3 }
  if (compose.healthcheck !== undefined) note(['healthcheck'], reason('by-port', { port }))
  return true
}

/** One warning for all services whose health is awaited and unknown, with what takes its place. */
export function reportUnknown(
  conversion: Conversion,
  waiting: ReadonlyMap<string, ServiceConversion>,
): void {
  const unknown = [...waiting.keys()]
    .sort()
    .flatMap((name) => conversion.serviceOf(name) ?? [])
    .filter((service) => isUnknown(service) && service.plan.replicas > 0)
  const [first] = unknown
  if (first === undefined) return
  const tests = unknown.map((service, index) => {
    const port = portOf(service)
    const when = port === undefined ? 'its pods run' : `port ${port} accepts connections`
    return `${service.service} ${index === 0 ? 'counts as healthy ' : ''}when ${when}`
  })
  conversion.report({
    code: 'convert/unknown-healthcheck',
    severity: 'warning',
    message: `image metadata is unknown for services that others wait for until they are healthy: ${tests.join(', ')}`,
    path: waiting.get(first.service)?.at('depends_on', first.service) ?? first.at(),
    hint: `add a healthcheck, or services.${first.service}.ready in landfall.yaml, or let \`landfall lock\` read the image`,
  })
}

function isUnknown(service: ServiceConversion): boolean {
  const { kind, oncePerPod } = service.plan
  return isHealthUnknown(service) && kind !== 'Job' && oncePerPod === undefined
}

function portOf({ plan }: ServiceConversion): number | undefined {
  return plan.ports.find(({ protocol }) => protocol === 'TCP')?.port
}

function isShared(conversion: Conversion, service: ServiceConversion): boolean {
  return inPodOf(conversion, service).length > 1
}
