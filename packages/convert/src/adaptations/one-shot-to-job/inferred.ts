import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { reason } from './reasons.ts'

/** Reports a one-shot that nobody declared, with the line that undoes it. */
export function noteInferred(conversion: Conversion, service: ServiceConversion): void {
  const { plan, at, add } = service
  const isOneShot = plan.kind === 'Job' || plan.oncePerPod !== undefined
  if (!isOneShot || plan.oneShotSigns === undefined) return
  const names = { service: service.service, why: plan.kindBecause.text }
  const why =
    plan.oncePerPod === undefined
      ? reason('inferred-job', names)
      : reason('inferred-once-per-pod', { ...names, pod: plan.pod ?? '' })
  add([], why)
  conversion.report({
    code: 'convert/inferred-one-shot',
    severity: 'note',
    message: `${service.service} ${why.text}`,
    path: at(),
    ...(why.hint === undefined ? {} : { hint: why.hint }),
  })
}
