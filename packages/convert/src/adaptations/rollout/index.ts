import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { atATime, hasClaim, updateConfigOf } from './decide.ts'

const id = 'rollout'

function note(service: ServiceConversion): void {
  const config = updateConfigOf(service)
  if (config === undefined || Object.keys(config).length === 0) return
  const { kind, oncePerPod } = service.plan
  if (kind === 'Job' || oncePerPod !== undefined)
    service.note(id, ['deploy', 'update_config'], 'ignored', 'a one-shot that changes runs again')
  else if (kind === 'Deployment' && hasClaim(service))
    service.note(
      id,
      ['deploy', 'update_config'],
      'adapted',
      'all pods stop before new ones start, because they have a volume',
    )
  else
    service.note(
      id,
      ['deploy', 'update_config'],
      'adapted',
      `${atATime(config)} at a time, ${config.order === 'start-first' ? 'new pods first' : 'old pods first'}`,
    )
}

export default {
  id,
  title: 'Replace pods as many at a time and in the order that the project says',
  plan({ services }) {
    for (const service of services) note(service)
  },
} satisfies Adaptation
