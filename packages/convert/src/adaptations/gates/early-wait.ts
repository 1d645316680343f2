import type { Dependency } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { reachableFrom } from '../../facts/dependencies.ts'
import { references } from '../../facts/names/references.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { waitEdges } from './edges.ts'
import { reason } from './reasons.ts'

/**
 * Why a service goes on before a Job is complete, or undefined where it waits for the end: a one-shot may be healthy
 * while it works, and one that has to reach those who wait for its start would never end.
 */
export function earlyJobWait(
  conversion: Conversion,
  from: ServiceConversion,
  job: ServiceConversion,
  condition: Dependency['condition'],
): Reason | undefined {
  if (condition === 'service_healthy' && job.plan.readiness !== undefined)
    return reason('job-ready')
  if (condition !== 'service_started') return undefined
  const reached = conversion.services.find(
    (other) => other !== job && references(job, other) && needs(conversion, other, from),
  )
  if (reached === undefined) return undefined
  const key = job.plan.readiness === undefined ? 'job-runs-first' : 'job-ready-first'
  return reason(key, { name: job.service, target: reached.service })
}

/** Whether a service is another one or waits for it. */
function needs(conversion: Conversion, service: ServiceConversion, other: ServiceConversion) {
  return (
    service === other || reachableFrom(waitEdges(conversion), service.service).has(other.service)
  )
}
