import { parseSeconds } from '@landfall/compose'
import type { Adaptation } from '../../adaptation.ts'
import { reason } from './reasons.ts'

/** Seconds that Compose gives a program which is asked to stop, when the project does not say. */
const COMPOSE_GRACE = 10

export default {
  id: 'stopping',
  reasons: reason,
  title: 'Give a program as long to stop as Compose does',
  plan({ services }) {
    for (const { compose, note } of services)
      if (compose.stop_grace_period !== undefined)
        note(['stop_grace_period'], reason('grace-period'))
  },
  build({ workloads }) {
    for (const { from, pod } of workloads) {
      const declared = parseSeconds(from.compose.stop_grace_period ?? '')
      // A program that is done with its work need not be waited for: it sleeps and seldom listens.
      const silent = from.plan.oneShot?.neverExits === true ? 1 : COMPOSE_GRACE
      pod.spec.terminationGracePeriodSeconds = Math.max(1, Math.ceil(declared ?? silent))
    }
  },
} satisfies Adaptation
