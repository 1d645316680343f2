import type { ReleaseEvent } from '@landfall/deploy'
import type { EventLine } from '../../contract/day/events.ts'
import { withoutCredentials } from '../credentials.ts'
import type { Unversioned } from '../print-line.ts'

/** An event for programs. */
export function eventLine({
  service,
  object,
  type,
  reason,
  message,
  count,
  first,
  last,
}: ReleaseEvent): Unversioned<EventLine> {
  return {
    type: 'event',
    ...(service !== undefined && { service }),
    object,
    severity: type === 'Warning' ? 'warning' : 'normal',
    reason,
    message: withoutCredentials(message),
    count,
    first,
    last,
  }
}
