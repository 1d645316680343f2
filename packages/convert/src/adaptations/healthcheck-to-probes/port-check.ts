import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { healthcheckOf } from '../../facts/healthcheck.ts'

/** For each service that others wait for until it is healthy: the first of them. */
const firstWaiting = new WeakMap<Conversion, ReadonlyMap<string, ServiceConversion>>()

function firstWaitingFor(
  conversion: Conversion,
  target: ServiceConversion,
): ServiceConversion | undefined {
  let byTarget = firstWaiting.get(conversion)
  if (byTarget === undefined) {
    const waits = conversion.services.flatMap((waiting) =>
      Object.entries(waiting.compose.depends_on ?? {})
        .filter(([, { condition }]) => condition === 'service_healthy')
        .map(([name]) => [name, waiting] as const),
    )
    byTarget = new Map(waits.reverse())
    firstWaiting.set(conversion, byTarget)
  }
  return byTarget.get(target.service)
}

/**
 * A service that others wait for until it is healthy, whose test only the image knows, and nothing is known of the
 * image: it counts as healthy when its first port answers. Tells whether that was decided.
 */
export function planByPort(conversion: Conversion, service: ServiceConversion): boolean {
  const { plan, settings, image, note, compose } = service
  const test = healthcheckOf(service)
  const silent = test?.disable !== true && test?.test === undefined
  if (!silent || image.unknown === undefined || settings.ready !== undefined) return false
  const waiting = firstWaitingFor(conversion, service)
  const port = plan.ports.find(({ protocol }) => protocol === 'TCP')?.port
  if (waiting === undefined || port === undefined || plan.kind === 'Job') return false
  const probe = {
    because: 'others wait until it is healthy',
    action: { tcpSocket: { port } },
    timeout: 5,
  }
  plan.startup = { ...probe, period: 1, failures: 600 }
  plan.readiness = { ...probe, period: 5, failures: 3 }
  if (compose.healthcheck !== undefined)
    note('healthcheck-to-probes', ['healthcheck'], 'adapted', `ready when port ${port} answers`)
  conversion.report({
    code: 'convert/unknown-healthcheck',
    severity: 'warning',
    message: `${waiting.service} waits until ${service.service} is healthy, and its image could not be asked for a health check: it counts as healthy when port ${port} answers`,
    path: waiting.at('depends_on', service.service),
    hint: `give it a healthcheck, or services.${service.service}.ready in landfall.yaml`,
  })
  return true
}
