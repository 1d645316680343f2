import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { keepsRestarting, restartOf } from '../../facts/one-shot/restart.ts'
import { inPodOf } from '../../facts/pods.ts'
import type { PlannedPort } from '../../plan/plan.ts'

/**
 * Decides whether an end with exit code 0 under `landfall up` says that a service does its work once: it would stay
 * down under Compose, and nobody can be connected to it.
 */
export function planMayComplete(conversion: Conversion, service: ServiceConversion): void {
  const { compose, settings, plan } = service
  const alone = inPodOf(conversion, service).length === 1
  const tested = [plan.startup, plan.readiness, plan.liveness].some((probe) => probe !== undefined)
  const mayComplete =
    plan.kind === 'Deployment' &&
    alone &&
    !tested &&
    settings.oneShot !== false &&
    !keepsRestarting(restartOf(compose)) &&
    !plan.ports.some((port) => isUsed(port, service))
  if (mayComplete) plan.mayComplete = true
}

/** A port that only the image names is that of its own command. */
function isUsed({ onlyExposed }: PlannedPort, { compose }: ServiceConversion): boolean {
  const own = (compose.command ?? []).length > 0 || (compose.entrypoint ?? []).length > 0
  return onlyExposed !== true || !own
}
