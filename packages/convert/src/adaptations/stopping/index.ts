import { parseSeconds } from '@landfall/compose'
import type { Adaptation } from '../../adaptation.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { reason } from './reasons.ts'

/** Seconds that Compose gives a program to stop if the project does not declare any. */
const COMPOSE_GRACE = 10

export default {
  id: 'stopping',
  reasons: reason,
  title: 'Keep the stop grace period of Compose',
  plan({ services }) {
    for (const { compose, settings, plan, note } of services) {
      const declared = parseSeconds(compose.stop_grace_period ?? '')
      // A program that is done with its work need not be waited for: it sleeps and seldom listens.
      const isDone = plan.kind === 'Job' && declaredOneShot(settings)?.neverExits === true
      plan.needs.grace = Math.max(1, Math.ceil(declared ?? (isDone ? 1 : COMPOSE_GRACE)))
      if (compose.stop_grace_period !== undefined)
        note(['stop_grace_period'], reason('grace-period'))
    }
  },
  build({ workloads }) {
    for (const { plan, pod } of workloads) pod.spec.terminationGracePeriodSeconds = plan.needs.grace
  },
} satisfies Adaptation
