import { parseSeconds } from '@landfall/compose'
import type { ServiceConversion } from '../../conversion.ts'
import { mostCopies } from '../../plan/most-copies.ts'
import type { Rollout, RolloutReason } from '../../plan/plan.ts'

/** https://github.com/compose-spec/compose-spec/blob/main/deploy.md#update_config */
export interface UpdateConfig {
  order?: string
  parallelism?: number
  delay?: string
}

export function updateConfigOf({ compose }: ServiceConversion): UpdateConfig | undefined {
  const config = compose.deploy?.update_config
  return typeof config === 'object' && config !== null ? (config as UpdateConfig) : undefined
}

/** Pods that are replaced at a time; 0 stands for all of them, as with Swarm. */
export function atATime({ parallelism = 1 }: UpdateConfig): number | string {
  return parallelism > 0 ? parallelism : '100%'
}

export function hasClaim({ plan }: ServiceConversion): boolean {
  return plan.volumes.some(({ ephemeral }) => !ephemeral)
}

const rolling = (maxSurge: number | string, maxUnavailable: number | string) => ({
  strategy: { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge, maxUnavailable } },
})

/** How the pods of a workload are replaced whose containers run these services, the first of them its own. */
export function rolloutOf(containers: readonly ServiceConversion[]): Rollout | undefined {
  const [own] = containers as [ServiceConversion]
  const { kind, needs } = own.plan
  if (kind === 'Job') return undefined
  const config = updateConfigOf(own)
  if (kind === 'DaemonSet') return config === undefined ? undefined : declared(config)
  if (containers.some(hasClaim)) return { strategy: { type: 'Recreate' }, because: 'claim' }
  const stopped = whyStopped(containers)
  const base = config === undefined ? rolling(1, 0) : declared(config)
  if (stopped !== undefined && mostCopies(own.plan) <= 1)
    return { ...base, strategy: { type: 'Recreate' }, because: stopped }
  const onNode = needs.node.network === true || containers.some(hasHostPort)
  return onNode ? { ...base, ...rolling(0, 1), because: 'host-port' } : base
}

/** Why a second pod cannot run beside the only one. */
function whyStopped(containers: readonly ServiceConversion[]): RolloutReason | undefined {
  if (containers.some(hasHostPort)) return 'host-port'
  return containers.some(({ plan }) => plan.reach.mode !== 'ready') ? 'unready-pods' : undefined
}

function hasHostPort({ plan }: ServiceConversion): boolean {
  return plan.published.some(({ hostPort }) => hostPort !== undefined)
}

function declared(config: UpdateConfig): Rollout {
  const delay = parseSeconds(config.delay ?? '')
  const count = atATime(config)
  return {
    ...(config.order === 'start-first' ? rolling(count, 0) : rolling(0, count)),
    because: 'update-config',
    ...(delay !== undefined && delay > 0 ? { minReadySeconds: Math.ceil(delay) } : {}),
  }
}
