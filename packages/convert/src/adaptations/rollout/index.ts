import { toPointer } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { inPodOf } from '../../facts/pods.ts'
import type { Reason } from '../../ledger/reasons.ts'
import type { Rollout } from '../../plan/plan.ts'
import { because } from './causes.ts'
import { checkSettings } from './check-settings.ts'
import { rolloutOf } from './decide.ts'
import { reason } from './reasons.ts'
import { updateConfigOf } from './update-config.ts'

/** How the pods of a service are replaced; undefined for a Job, and for what runs in the pod of another. */
function ownRollout(conversion: Conversion, service: ServiceConversion): Rollout | undefined {
  if (service.plan.pod !== undefined) return undefined
  const others = inPodOf(conversion, service).filter((other) => other !== service)
  return rolloutOf([service, ...others], conversion.plan.volumes)
}

function startsFirst(rollout: Rollout | undefined): boolean {
  return rollout?.strategy.type === 'RollingUpdate' && rollout.strategy.rollingUpdate.maxSurge !== 0
}

function isDeclared(service: ServiceConversion): boolean {
  return Object.keys(updateConfigOf(service) ?? {}).length > 0
}

function reasonFor(service: ServiceConversion, rollout: Rollout | undefined): Reason {
  const { kind, oncePerPod, pod } = service.plan
  if (kind === 'Job' || oncePerPod !== undefined) return reason('one-shot')
  if (pod !== undefined) return reason('with-its-pod', { pod })
  if (rollout?.strategy.type === 'Recreate')
    return reason('stops-first', { why: rollout.because.text })
  const { maxSurge = 0, maxUnavailable = 0 } =
    rollout?.strategy.type === 'RollingUpdate' ? rollout.strategy.rollingUpdate : {}
  const count = startsFirst(rollout) ? maxSurge : maxUnavailable
  return reason(startsFirst(rollout) ? 'new-first' : 'old-first', { count })
}

/** Docker Compose ends a container before it starts the new one, whatever the service is. */
function noteUnlikeCompose(conversion: Conversion): void {
  const count = conversion.services.filter(
    (service) =>
      service.plan.kind === 'Deployment' &&
      !isDeclared(service) &&
      startsFirst(ownRollout(conversion, service)),
  ).length
  if (count > 0)
    conversion.ledger.record(toPointer(['services']), reason('unlike-compose', { count }))
}

export default {
  id: 'rollout',
  reasons: reason,
  causes: because,
  title: 'Decide how the pods of a service are replaced',
  plan(conversion) {
    for (const service of conversion.services) {
      checkSettings(conversion, service)
      if (isDeclared(service))
        service.note(
          ['deploy', 'update_config'],
          reasonFor(service, ownRollout(conversion, service)),
        )
    }
    noteUnlikeCompose(conversion)
  },
} satisfies Adaptation
