import type { Conversion, ServiceConversion } from '../../conversion.ts'

/** A one-shot that nobody declared is said to be one, with the line that takes it back. */
export function noteInferred(conversion: Conversion, service: ServiceConversion): void {
  const { plan, at, add } = service
  const isOneShot = plan.kind === 'Job' || plan.oncePerPod !== undefined
  if (!isOneShot || plan.oneShotSigns === undefined) return
  const hint = `services.${service.service}.oneShot: false in landfall.yaml takes it back`
  const how = plan.oncePerPod === undefined ? 'as a Job' : `in each pod of ${plan.pod}`
  const says = `runs once, ${how}: ${plan.kindBecause}`
  add('one-shot-to-job', [], 'adapted', says, { hint })
  conversion.report({
    code: 'convert/inferred-one-shot',
    severity: 'note',
    message: `${service.service} ${says}`,
    path: at(),
    hint,
  })
}
