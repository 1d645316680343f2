import { current, inProgress, type StatusRule } from './status.ts'

/** Current when every replica is ready and of the newest revision, down to the partition where there is one. */
export const statefulSetStatus: StatusRule = ({ spec, status = {} }) => {
  const wanted = spec?.replicas ?? 1
  const { replicas = 0, readyReplicas = 0, updatedReplicas = 0 } = status
  if (replicas < wanted) return inProgress(`${replicas} of ${wanted} pods created`)
  if (readyReplicas < wanted) return inProgress(`${readyReplicas} of ${wanted} pods ready`)
  if (replicas > wanted) return inProgress(`waiting for ${replicas - wanted} pods to terminate`)
  if (spec?.updateStrategy?.type === 'OnDelete')
    return current(`${readyReplicas} of ${wanted} pods ready; they are updated when deleted`)
  const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0
  const toUpdate = Math.max(0, wanted - partition)
  if (status.currentRevision !== status.updateRevision && updatedReplicas < toUpdate)
    return inProgress(`${updatedReplicas} of ${toUpdate} pods updated`)
  return current(`${readyReplicas} of ${wanted} pods ready`)
}
