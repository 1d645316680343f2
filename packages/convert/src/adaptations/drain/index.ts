import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { podOf } from '../../facts/pods.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import { toolsPart } from '../image-content-seed/tools.ts'
import { because } from './causes.ts'
import { checkDrain } from './check-settings.ts'
import { decideDrains } from './decide.ts'
import { needsTools, preStop } from './pause.ts'
import { reason } from './reasons.ts'

/** What a pause changes for keys of the service that have an entry. */
function note({ ledger }: Conversion, { compose, plan, at }: ServiceConversion): void {
  if (plan.drain === undefined) return
  const { seconds } = plan.drain
  ledger.amend(at('stop_grace_period'), reason('grace-after-pause', { seconds }))
  const hooks: unknown = compose.pre_stop
  if (plan.hooks.beforeStop !== undefined && Array.isArray(hooks))
    for (const index of hooks.keys())
      ledger.amend(at('pre_stop', index), reason('hook-after-pause', { seconds }))
}

export default {
  id: 'drain',
  reasons: reason,
  causes: because,
  title: 'Let a pod that ends serve on until no requests are sent to it',
  plan(conversion) {
    const drains = decideDrains(conversion)
    for (const service of conversion.services) {
      checkDrain(conversion, service)
      const drain = drains.get(podOf(service))
      if (drain === undefined || service.plan.oncePerPod !== undefined) continue
      service.plan.drain = drain
      note(conversion, service)
    }
  },
  part(service, plan) {
    return needsTools(service) ? toolsPart(service, plan) : {}
  },
  build(draft) {
    for (const { plan, pod } of draft.workloads)
      pod.spec.terminationGracePeriodSeconds =
        (pod.spec.terminationGracePeriodSeconds ?? 0) + (plan.drain?.seconds ?? 0)
    for (const { service, container } of containersOf(draft, 'program')) {
      const handler = preStop(service)
      if (handler !== undefined) container.lifecycle = { ...container.lifecycle, preStop: handler }
    }
  },
} satisfies Adaptation
