import { conditionOf, current, failed, inProgress, type StatusRule } from './status.ts'

/**
 * Current when every replica is of the new template and ready, and none of an old one is left. Unlike kstatus, a pod that has
 * not been ready for `minReadySeconds` yet is not waited for: an old one stays until it has, which is.
 */
export const deploymentStatus: StatusRule = (deployment) => {
  const progressing = conditionOf(deployment, 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return failed(progressing.message ?? 'no progress within the deadline')
  const wanted = deployment.spec?.replicas ?? 1
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = deployment.status ?? {}
  if (updatedReplicas < wanted) return inProgress(`${updatedReplicas} of ${wanted} pods updated`)
  if (replicas > updatedReplicas)
    return inProgress(`waiting for ${replicas - updatedReplicas} old pods to terminate`)
  if (readyReplicas < wanted) return inProgress(`${readyReplicas} of ${wanted} pods ready`)
  return current(`${readyReplicas} of ${wanted} pods ready`)
}
