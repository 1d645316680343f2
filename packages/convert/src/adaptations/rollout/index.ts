import { parseSeconds } from '@landfall/compose'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'

const id = 'rollout'

interface UpdateConfig {
  order?: string
  parallelism?: number
  delay?: string
}

function configOf({ compose }: ServiceConversion): UpdateConfig | undefined {
  const config = compose.deploy?.update_config
  return typeof config === 'object' && config !== null ? (config as UpdateConfig) : undefined
}

/** How many pods at a time; none stands for all of them, as with Swarm. */
function atATime({ parallelism = 1 }: UpdateConfig): number | string {
  return parallelism > 0 ? parallelism : '100%'
}

export default {
  id,
  title: 'Replace pods as many at a time and in the order that the project says',
  plan({ services }) {
    for (const service of services) {
      const config = configOf(service)
      if (config === undefined || Object.keys(config).length === 0) continue
      const { kind, volumes } = service.plan
      if (kind === 'Job')
        service.note(
          id,
          ['deploy', 'update_config'],
          'ignored',
          'a one-shot that changes runs again',
        )
      else if (kind === 'Deployment' && volumes.some(({ ephemeral }) => !ephemeral))
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
  },
  build({ workloads }) {
    for (const { from, object } of workloads) {
      const config = configOf(from)
      const key = object.kind === 'DaemonSet' ? 'updateStrategy' : 'strategy'
      if (config === undefined || object.kind === 'Job') continue
      if (object.spec[key]?.type === 'Recreate') continue
      const count = atATime(config)
      object.spec[key] = {
        type: 'RollingUpdate',
        rollingUpdate:
          config.order === 'start-first'
            ? { maxSurge: count, maxUnavailable: 0 }
            : { maxSurge: 0, maxUnavailable: count },
      }
      const delay = parseSeconds(config.delay ?? '')
      if (delay !== undefined && delay > 0) object.spec.minReadySeconds = Math.ceil(delay)
    }
  },
} satisfies Adaptation
