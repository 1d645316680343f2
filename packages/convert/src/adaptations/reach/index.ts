import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type Membership, membersOf } from '../../facts/members.ts'
import { podOf } from '../../facts/pods.ts'
import type { Reach, ServicePlan } from '../../plan/plan.ts'
import { type EarlyQuestion, earlyConnections } from './early.ts'
import { reason } from './reasons.ts'

function isSingle({ kind, replicas }: ServicePlan): boolean {
  return kind !== 'DaemonSet' && replicas <= 1
}

/** New pods first, where that is possible: those with a claim stop first in any case. */
function startsFirst({ compose, plan }: ServiceConversion): boolean {
  const config = compose.deploy?.update_config
  const hasClaim = plan.volumes.some(({ ephemeral }) => !ephemeral)
  return (config as { order?: unknown } | undefined)?.order === 'start-first' && !hasClaim
}

/** A pod is ready when every container of it is, and when what runs once in it is done. */
function testsHealth({ services }: Conversion, service: ServiceConversion): boolean {
  return services.some(
    (other) =>
      podOf(other) === podOf(service) &&
      (other.plan.readiness !== undefined || other.plan.oncePerPod !== undefined),
  )
}

function decide(
  conversion: Conversion,
  service: ServiceConversion,
  membership: Membership | undefined,
  early: EarlyQuestion,
): Reach {
  const { settings, plan } = service
  if (plan.kind === 'Job') return { mode: 'ready', because: 'it is a one-shot' }
  if (settings.reach === 'pods') return { mode: 'pods', because: 'landfall.yaml says so' }
  if (membership !== undefined && settings.reach !== 'service')
    return {
      mode: 'pods',
      because: `it is a member of a cluster with ${membership.members
        .filter((member) => member !== service.service)
        .join(', ')} (${membership.because})`,
    }
  if (!isSingle(plan)) return { mode: 'ready', because: 'requests go to the copies that are ready' }
  if (!testsHealth(conversion, service)) return plan.reach
  const because = early(service)
  if (because === undefined)
    return { mode: 'ready', because: 'nobody connects to it before it is healthy' }
  return startsFirst(service)
    ? { mode: 'ready', because: 'deploy.update_config.order is start-first' }
    : { mode: 'always', because }
}

function note({ ledger }: Conversion, { compose, at, plan }: ServiceConversion): void {
  if (plan.reach.mode === 'always' && compose.healthcheck !== undefined)
    ledger.amend(at('healthcheck'), reason('ready-or-not', { why: plan.reach.because }))
}

export default {
  id: 'reach',
  reasons: reason,
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
