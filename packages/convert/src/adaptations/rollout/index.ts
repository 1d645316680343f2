import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { atATime, hasClaim, updateConfigOf } from './decide.ts'
import { reason } from './reasons.ts'

function note(service: ServiceConversion): void {
  const config = updateConfigOf(service)
  if (config === undefined || Object.keys(config).length === 0) return
  const { kind, oncePerPod } = service.plan
  const key = ['deploy', 'update_config']
  if (kind === 'Job' || oncePerPod !== undefined) service.note(key, reason('one-shot'))
  else if (kind === 'Deployment' && hasClaim(service)) service.note(key, reason('stops-first'))
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
  plan({ services }) {
    for (const service of services) note(service)
  },
} satisfies Adaptation
