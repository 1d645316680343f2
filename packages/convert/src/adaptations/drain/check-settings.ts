import { spanOf } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { declaredDrain } from './decide.ts'

/** Seconds. Each update and each drain of a node would take as long. */
const LONGEST = 3600

/** Reports a `drain` of landfall.yaml that has no effect or is too long. */
export function checkDrain(conversion: Conversion, service: ServiceConversion): void {
  const { plan } = service
  const seconds = declaredDrain(service)
  if (seconds === undefined) return
  const path = service.at('drain')
  const at = spanOf(conversion.settingsOrigins, path)
  const place = { path, ...(at === undefined ? {} : { at }) }
  if (seconds > LONGEST)
    conversion.report({
      code: 'convert/wrong-value',
      severity: 'error',
      message: `drain of ${service.service} is longer than an hour`,
      ...place,
      hint: 'use the time in which proxies and load balancers notice that a pod ends: 15s',
    })
  else if (plan.kind === 'Job' || plan.oncePerPod !== undefined)
    conversion.report({
      code: 'convert/unused-setting',
      severity: 'warning',
      message: `drain has no effect on ${service.service}, which is a one-shot`,
      ...place,
      hint: 'remove it',
    })
}
