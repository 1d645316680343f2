import { parseSeconds } from '@landfall/compose'
import type { ServiceConversion } from '../../conversion.ts'
import type { Rollout } from '../../plan/plan.ts'

/** https://github.com/compose-spec/compose-spec/blob/main/deploy.md#update_config */
export interface UpdateConfig {
  order?: string
  parallelism?: number
  delay?: string
  monitor?: string
}

export function updateConfigOf({ compose }: ServiceConversion): UpdateConfig | undefined {
  const config = compose.deploy?.update_config
  return typeof config === 'object' && config !== null ? (config as UpdateConfig) : undefined
}

/** Pods that are replaced at a time; 0 stands for all of them, as with Swarm. */
export function atATime({ parallelism = 1 }: UpdateConfig): number | string {
  return parallelism > 0 ? parallelism : '100%'
}

/** Whether all pods of a workload are replaced at once. */
function isAll(config: UpdateConfig, replicas: number): boolean {
  const count = atATime(config)
  return typeof count === 'string' || count >= replicas
}

/** The strategy in which a part of the pods is replaced at a time. */
export function rolling(
  maxSurge: number | string,
  maxUnavailable: number | string,
): Rollout['strategy'] {
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } }
}

/**
 * What `update_config` declares for so many pods. Swarm stops first if `order` is omitted; where that would leave no pod,
 * only a declared `stop-first` does.
 */
export function declaredStrategy(config: UpdateConfig, replicas: number): Rollout['strategy'] {
  const count = atATime(config)
  if (config.order === 'start-first') return rolling(count, 0)
  if (!isAll(config, replicas)) return rolling(0, count)
  return config.order === 'stop-first' ? { type: 'Recreate' } : rolling(count, 0)
}

/**
 * Seconds that a new pod must be ready before it counts, if nothing longer is declared: a program that cannot work ends
 * within 20 seconds, and `landfall up` watches as long (decision 0009).
 */
const PROVEN = 25

/** Seconds that a new pod must be ready before an old one stops: `delay` and `monitor` if they are longer. */
export function provenAfter(config: UpdateConfig | undefined): number {
  const declared = [config?.delay, config?.monitor].map((text) => parseSeconds(text ?? '') ?? 0)
  return Math.max(PROVEN, ...declared.map(Math.ceil))
}
