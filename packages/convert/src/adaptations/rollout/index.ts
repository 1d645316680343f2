import { parseSeconds } from '@landfall/compose'
import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { reason } from './reasons.ts'

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

function reasonOf({ plan: { kind, volumes } }: ServiceConversion, config: UpdateConfig): Reason {
  if (kind === 'Job') return reason('one-shot')
  if (kind === 'Deployment' && volumes.some(({ ephemeral }) => !ephemeral))
    return reason('stops-first')
  return reason(config.order === 'start-first' ? 'new-first' : 'old-first', {
    count: atATime(config),
  })
}

export default {
  id: 'rollout',
  reasons: reason,
  title: "Apply the project's update order and parallelism to rollouts",
  plan({ services }) {
    for (const service of services) {
      const config = configOf(service)
      if (config === undefined || Object.keys(config).length === 0) continue
      service.note(['deploy', 'update_config'], reasonOf(service, config))
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
