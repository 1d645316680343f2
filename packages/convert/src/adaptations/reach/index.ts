import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type Membership, membersOf } from '../../facts/members.ts'
import { mostCopies } from '../../facts/most-copies.ts'
import { inPodOf } from '../../facts/pods.ts'
import type { Because } from '../../plan/because.ts'
import type { Reach, ServicePlan } from '../../plan/plan.ts'
import { dataOf } from '../rollout/one-pod.ts'
import { updateConfigOf } from '../rollout/update-config.ts'
import { because } from './causes.ts'
import { type EarlyQuestion, earlyConnections } from './early.ts'
import { reason } from './reasons.ts'

function isSingle(plan: ServicePlan): boolean {
  return plan.kind !== 'DaemonSet' && plan.kind !== 'StatefulSet' && mostCopies(plan) <= 1
}

/** Why new pods start first, if the project declares that and it is possible. */
function startsFirst(conversion: Conversion, service: ServiceConversion): Because | undefined {
  const { rollout } = service.settings
  if (rollout === 'rolling') return because('rolling')
  const isDeclared = rollout === undefined && updateConfigOf(service)?.order === 'start-first'
  return isDeclared && dataOf(service, conversion.plan.volumes) === undefined
    ? because('start-first')
    : undefined
}

/** A pod is ready when every container of it is, and when what runs once in it is done. */
function testsHealth(conversion: Conversion, service: ServiceConversion): boolean {
  return inPodOf(conversion, service).some(
    ({ plan }) => plan.readiness !== undefined || plan.oncePerPod !== undefined,
  )
}

function decide(
  conversion: Conversion,
  service: ServiceConversion,
  membership: Membership | undefined,
  early: EarlyQuestion,
): Reach {
  const { settings, plan } = service
  if (plan.kind === 'Job') return { mode: 'ready', because: because('one-shot') }
  if (settings.reach === 'pods') return { mode: 'pods', because: because('declared') }
  if (membership !== undefined && settings.reach !== 'service')
    return {
      mode: 'pods',
      because: because('member', {
        members: membership.members.filter((member) => member !== service.service).join(', '),
        where: membership.where,
      }),
    }
  if (!isSingle(plan)) return { mode: 'ready', because: because('copies') }
  if (!testsHealth(conversion, service)) return plan.reach
  const connection = early(service)
  if (connection === undefined) return { mode: 'ready', because: because('not-early') }
  const first = startsFirst(conversion, service)
  return first === undefined
    ? { mode: 'always', because: connection }
    : { mode: 'ready', because: first }
}

function note({ ledger }: Conversion, { compose, at, plan }: ServiceConversion): void {
  if (plan.reach.mode === 'always' && compose.healthcheck !== undefined)
    ledger.amend(at('healthcheck'), reason('ready-or-not', { why: plan.reach.because.text }))
}

export default {
  id: 'reach',
  reasons: reason,
  causes: because,
  title: 'Decide whether the names of a service lead to pods that are not ready',
  plan(conversion) {
    const members = membersOf(conversion.services)
    const early = earlyConnections(conversion)
    for (const service of conversion.services) {
      service.plan.reach = decide(conversion, service, members.get(service.service), early)
      note(conversion, service)
    }
  },
} satisfies Adaptation
