import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { healthcheckOf } from '../../facts/healthcheck.ts'
import { podOf } from '../../facts/pods.ts'
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
 * image: it counts as healthy when its first port answers. Tells whether that was decided.
 */
export function planByPort(
  conversion: Conversion,
  service: ServiceConversion,
  waiting: ServiceConversion | undefined,
): boolean {
  const { plan, settings, image, note, compose } = service
  const test = healthcheckOf(service)
  const silent = test?.disable !== true && test?.test === undefined
  if (!silent || image.unknown === undefined || settings.ready !== undefined) return false
  const port = plan.ports.find(({ protocol }) => protocol === 'TCP')?.port
  if (waiting === undefined || port === undefined) return false
  if (plan.kind === 'Job' || plan.oncePerPod !== undefined) return false
  const probe = {
    because: because('awaited'),
    action: { tcpSocket: { port } },
    timeout: 5,
  }
  // In a pod of several the port may be that of a container which starts after this one.
  if (!isShared(conversion, service)) plan.startup = { ...probe, period: 1, failures: 600 }
  plan.readiness = { ...probe, period: 5, failures: 3 }
  if (compose.healthcheck !== undefined) note(['healthcheck'], reason('by-port', { port }))
  conversion.report({
    code: 'convert/unknown-healthcheck',
    severity: 'warning',
    message: `${waiting.service} waits until ${service.service} is healthy, whose image metadata is unknown: it is considered healthy when port ${port} accepts connections`,
    path: waiting.at('depends_on', service.service),
    hint: `give it a healthcheck, or services.${service.service}.ready in landfall.yaml`,
  })
  return true
}

function isShared({ services }: Conversion, service: ServiceConversion): boolean {
  return services.some((other) => other !== service && podOf(other) === podOf(service))
}
