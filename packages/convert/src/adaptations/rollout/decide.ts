import type { ServiceConversion } from '../../conversion.ts'
import { mostCopies } from '../../facts/most-copies.ts'
import type { Because } from '../../plan/because.ts'
import type { Rollout, VolumePlan } from '../../plan/plan.ts'
import { because } from './causes.ts'
import { dataOf, usesNode, whyOnePod } from './one-pod.ts'
import { atATime, declaredStrategy, provenAfter, rolling, updateConfigOf } from './update-config.ts'

/** More copies than these are replaced a quarter at a time, as Kubernetes does by default: one after the other would take minutes. */
const MANY = 4

/** How the pods of a workload are replaced whose containers run these services, the first of them its own. */
export function rolloutOf(
  containers: readonly ServiceConversion[],
  volumes: readonly VolumePlan[],
): Rollout | undefined {
  const [own] = containers as [ServiceConversion]
  const { kind } = own.plan
  const replicas = mostCopies(own.plan)
  if (kind === 'Job') return undefined
  if (kind === 'DaemonSet') return ofEachNode(containers, volumes)
  if (kind === 'StatefulSet')
    return {
      strategy: rolling(0, 1),
      because: because('number'),
      ...(updateConfigOf(own) !== undefined && {
        minReadySeconds: provenAfter(updateConfigOf(own)),
      }),
    }
  const data = containers.map((service) => dataOf(service, volumes)).find(Boolean)
  const onePod = replicas <= 1 ? whyOnePod(containers, volumes) : undefined
  const { rollout } = own.settings
  if (rollout === 'recreate')
    return stopFirst(because('declared-recreate'), data !== undefined && replicas <= 1)
  const proven = { minReadySeconds: provenAfter(updateConfigOf(own)) }
  if (rollout === 'rolling' && !(replicas <= 1 && containers.some(usesNode)))
    return { strategy: pace(containers), because: because('declared-rolling'), ...proven }
  const stopped = onePod ?? data
  if (stopped !== undefined) return stopFirst(stopped, data !== undefined && replicas <= 1)
  const config = updateConfigOf(own)
  const strategy = pace(containers)
  if (strategy.type === 'Recreate') return stopFirst(because('update-config'), false)
  const cause = containers.some(usesNode)
    ? because('host-port')
    : config !== undefined
      ? because('update-config')
      : because(replicas > 1 ? 'copies' : 'safe')
  return { strategy, because: cause, ...proven }
}

function stopFirst(because: Because, alone: boolean): Rollout {
  return { strategy: { type: 'Recreate' }, because, ...(alone ? { alone: true } : {}) }
}

/** How many pods are replaced at a time, where they need not all end first. */
function pace(containers: readonly ServiceConversion[]): Rollout['strategy'] {
  const [own] = containers as [ServiceConversion]
  const config = updateConfigOf(own)
  if (containers.some(usesNode)) return rolling(0, 1)
  if (config === undefined) return rolling(mostCopies(own.plan) > MANY ? '25%' : 1, 0)
  return own.settings.rollout === 'rolling'
    ? rolling(atATime(config), 0)
    : declaredStrategy(config, own.plan.replicas)
}

/** A DaemonSet starts the new pod of a node first only where the two do not meet there. */
function ofEachNode(
  containers: readonly ServiceConversion[],
  volumes: readonly VolumePlan[],
): Rollout {
  const [own] = containers as [ServiceConversion]
  const config = updateConfigOf(own)
  const proven = { minReadySeconds: provenAfter(config) }
  const alone =
    containers.some(usesNode) ||
    containers.some(
      (service) => dataOf(service, volumes) !== undefined || service.plan.hostPaths.length > 0,
    )
  const { rollout } = own.settings
  if (rollout === 'recreate')
    return { strategy: rolling(0, 1), because: because('declared-recreate'), ...proven }
  if (rollout === 'rolling' && !containers.some(usesNode))
    return { strategy: rolling(1, 0), because: because('declared-rolling'), ...proven }
  if (config !== undefined)
    return {
      strategy:
        config.order === 'start-first' && !alone
          ? rolling(atATime(config), 0)
          : rolling(0, atATime(config)),
      because: because('update-config'),
      ...proven,
    }
  return alone
    ? { strategy: rolling(0, 1), because: because('node-alone'), ...proven }
    : { strategy: rolling(1, 0), because: because('each-node'), ...proven }
}
