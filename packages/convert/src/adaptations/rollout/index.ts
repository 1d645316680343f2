import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { podOf } from '../../facts/pods.ts'
import { atATime, hasClaim, updateConfigOf } from './decide.ts'
import { reason } from './reasons.ts'

/** A pod is replaced as the service declares that it is named after. */
function note(conversion: Conversion, service: ServiceConversion): void {
  const config = updateConfigOf(service)
  if (config === undefined || Object.keys(config).length === 0) return
  const { kind, oncePerPod, pod } = service.plan
  const together = conversion.services.filter((other) => podOf(other) === service.service)
  const key = ['deploy', 'update_config']
  if (kind === 'Job' || oncePerPod !== undefined) service.note(key, reason('one-shot'))
  else if (pod !== undefined) service.note(key, reason('with-its-pod', { pod }))
  else if (kind === 'Deployment' && together.some(hasClaim))
    service.note(key, reason('stops-first'))
  else
    service.note(
      key,
      reason(config.order === 'start-first' ? 'new-first' : 'old-first', {
        count: atATime(config),
      }),
    )
}

export default {
  id: 'rollout',
  reasons: reason,
  title: "Apply the project's update order and parallelism to rollouts",
  plan(conversion) {
    for (const service of conversion.services) note(conversion, service)
  },
} satisfies Adaptation
