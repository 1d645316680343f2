import { current, failed, inProgress, type StatusRule } from './status.ts'

/** Current when bound. A class that waits for the first consumer binds it together with a pod. */
export const persistentVolumeClaimStatus: StatusRule = ({ status }) => {
  if (status?.phase === 'Bound') return current('bound')
  if (status?.phase === 'Lost') return failed('its volume is lost')
  return inProgress('not bound to a volume yet')
}
