import type { ServiceConversion } from '../../conversion.ts'
import { mostCopies } from '../../facts/most-copies.ts'
import { NODE_NAME_LABEL } from '../../plan/needs.ts'
import type { PodNeeds, PodPlan, SpreadRule } from '../../plan/plan.ts'

/** https://kubernetes.io/docs/reference/labels-annotations-taints/ */
const ZONES = 'topology.kubernetes.io/zone'

/** What a pod is by the number of its copies. */
interface Copies {
  plan: Pick<PodPlan, 'scale' | 'oneCopy' | 'oneAwayAtATime' | 'ifSeveral'>
  /** The needs of the pod with the rules that spread its copies. */
  spread(needs: PodNeeds): PodNeeds
}

/**
 * Decides how several copies of a pod are kept available. Copies that share a claim are on one node: they cannot be spread, and when their
 * node is drained none of them can start elsewhere before the last one has ended.
 */
export function copiesOfPod(
  together: readonly ServiceConversion[],
  oneNode: PodPlan['oneNode'],
): Copies {
  const [{ plan, settings, compose }] = together as [ServiceConversion]
  const { kind, scale } = plan
  const several = (kind === 'Deployment' || kind === 'StatefulSet') && mostCopies(plan) > 1
  const oneCopy = together
    .flatMap((one) => one.plan.oneCopy ?? [])
    // pods that are bound to one node can all mount what only one node can
    .find(({ because: { code } }) => oneNode === undefined || code !== 'copies/read-claim')
  const free = several && oneNode === undefined
  const mayBeMore =
    kind === 'Deployment' && !several && oneCopy === undefined && oneNode === undefined
  const declared = together.flatMap((one) => one.plan.needs.placement.spread)
  return {
    plan: {
      ...(scale !== undefined &&
        kind === 'Deployment' && { scale: { ...scale, of: plan.service } }),
      ...(oneCopy !== undefined && !several && { oneCopy }),
      ...(free && { oneAwayAtATime: true }),
      ...(mayBeMore && {
        ifSeveral: {
          spread: spreadRules(declared, settings.spread === 'hard').slice(declared.length),
          hostnames: compose.hostname === undefined ? 'own' : 'one',
        },
      }),
    },
    spread(needs) {
      if (!free) return needs
      const rules = spreadRules(needs.placement.spread, settings.spread === 'hard')
      return { ...needs, placement: { ...needs.placement, spread: rules } }
    },
  }
}

/** The rules of the project, and those for nodes and zones that it does not have. A cluster without zones can keep no hard rule about them. */
function spreadRules(declared: readonly SpreadRule[], hard: boolean): SpreadRule[] {
  const added = [NODE_NAME_LABEL, ZONES]
    .filter((key) => declared.every(({ topologyKey }) => topologyKey !== key))
    .map((topologyKey): SpreadRule => ({ topologyKey, maxSkew: 1, perRevision: true }))
  return [...declared, ...added].map((rule) =>
    hard && rule.topologyKey === NODE_NAME_LABEL ? { ...rule, hard: true } : rule,
  )
}
