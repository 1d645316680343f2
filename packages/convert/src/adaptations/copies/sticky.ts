import { spanOf } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'

/** Decides whether connections stick to a pod, and reports where that cannot be had. */
export function reportSticky(conversion: Conversion, service: ServiceConversion): void {
  const { settings, plan, at } = service
  if (settings.sticky !== true) return
  const report = (message: string, hint: string): void => {
    const path = at('sticky')
    const span = spanOf(conversion.settingsOrigins, path)
    conversion.report({
      code: 'convert/not-sticky',
      severity: 'warning',
      message,
      path,
      ...(span === undefined ? {} : { at: span }),
      hint,
    })
  }
  if (plan.kind === 'Job' || plan.reach.mode === 'pods' || plan.byAddress === true) {
    report(
      `sticky has no effect on ${service.service}: its names lead to its pods and not to a Service`,
      'remove it, or declare reach: service',
    )
    return
  }
  plan.sticky = true
  if (plan.route !== undefined)
    report(
      `sticky does not hold for the ${plan.route.kind} of ${service.service}: its controller connects to pods directly`,
      'declare it with the annotation of your controller, as a label of the service: nginx.ingress.kubernetes.io/affinity: cookie',
    )
}
