import { current, inProgress, type StatusRule } from './status.ts'

/** Current when every node that should run a pod has one that is up to date and ready, as of a Deployment. */
export const daemonSetStatus: StatusRule = ({ spec, status = {} }) => {
  if (status.desiredNumberScheduled === undefined) return inProgress('nodes not counted yet')
  const wanted = status.desiredNumberScheduled
  const { currentNumberScheduled = 0, updatedNumberScheduled = 0 } = status
  const { numberReady = 0 } = status
  if (currentNumberScheduled < wanted)
    return inProgress(`${currentNumberScheduled} of ${wanted} nodes have a pod`)
  if (spec?.updateStrategy?.type !== 'OnDelete' && updatedNumberScheduled < wanted)
    return inProgress(`${updatedNumberScheduled} of ${wanted} pods updated`)
  if (numberReady < wanted) return inProgress(`${numberReady} of ${wanted} pods ready`)
  return current(`${numberReady} of ${wanted} pods ready`)
}
