import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { dependenciesOf } from '../../facts/dependencies.ts'
import { podOf } from '../../facts/pods.ts'

/** Decides after which containers of its pod a service starts, and whether others wait for its health. */
export function planStart(conversion: Conversion, service: ServiceConversion): void {
  const together = conversion.services.filter((other) => podOf(other) === podOf(service))
  if (together.length < 2) return
  const { plan } = service
  plan.startsAfter = afterOf(service).filter((name) => together.some((one) => one.service === name))
  const { startup, readiness } = plan
  const startsFirst = together.some((other) => afterOf(other).includes(service.service))
  if (!startsFirst || plan.oncePerPod !== undefined || startup === undefined) return
  if (isHeldUntilHealthy(service, together)) return
  // Its readiness is then probed as often as the startup probe would be.
  if (readiness !== undefined) plan.readiness = { ...readiness, period: startup.period }
  delete plan.startup
}

/** The services after which a container starts, sorted. */
function afterOf(service: ServiceConversion): string[] {
  const depends = dependenciesOf(service).map(([name]) => name)
  return [...new Set([...depends, ...(service.plan.oncePerPod?.after ?? [])])].sort()
}

/**
 * A one-shot may be what makes the program that it joins healthy. Unless another container of the pod waits for that
 * health, those after it start when its process does, as under Compose.
 */
function isHeldUntilHealthy(
  { service, plan }: ServiceConversion,
  together: readonly ServiceConversion[],
): boolean {
  const joined = together.some((other) => other.plan.oncePerPod?.after.includes(service))
  const waited = together.some(
    ({ compose }) => compose.depends_on?.[service]?.condition === 'service_healthy',
  )
  return waited || !joined || plan.liveness !== undefined
}
