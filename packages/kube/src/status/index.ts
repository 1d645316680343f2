import { ownValue } from '@landfall/diagnostic'
/**
 * How far the cluster is with an object, after the rules of kstatus, read from the object alone.
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 * Unlike kstatus, a Job is current when it is complete: ours are waited for.
 */
import type { KubeObject } from '../object.ts'
import { daemonSetStatus } from './daemon-set.ts'
import { deploymentStatus } from './deployment.ts'
import { jobStatus } from './job.ts'
import { persistentVolumeClaimStatus } from './persistent-volume-claim.ts'
import { podStatus } from './pod.ts'
import { serviceStatus } from './service.ts'
import { statefulSetStatus } from './stateful-set.ts'
import {
  conditionOf,
  current,
  failed,
  inProgress,
  type ObjectStatus,
  type StatusRule,
} from './status.ts'

const RULES: Record<string, StatusRule> = {
  DaemonSet: daemonSetStatus,
  Deployment: deploymentStatus,
  Job: jobStatus,
  PersistentVolumeClaim: persistentVolumeClaimStatus,
  Pod: podStatus,
  Service: serviceStatus,
  StatefulSet: statefulSetStatus,
}

/** The status of an object of any kind, as it was read from the cluster. */
export function objectStatus(object: KubeObject): ObjectStatus {
  if (object.metadata.deletionTimestamp !== undefined) return inProgress('being deleted')
  const { observedGeneration } = object.status ?? {}
  const generation = object.metadata.generation as number | undefined
  if (
    generation !== undefined &&
    observedGeneration !== undefined &&
    observedGeneration < generation
  )
    return inProgress('its controller has not observed the change yet')
  const rule = ownValue(RULES, object.kind)
  return rule === undefined ? statusOfOtherKind(object) : rule(object)
}

/** Most controllers follow the conventions of conditions; an object without any has nothing to wait for. */
function statusOfOtherKind(object: KubeObject): ObjectStatus {
  const stalled = conditionOf(object, 'Stalled')
  if (stalled?.status === 'True') return failed(stalled.message ?? 'stalled')
  const reconciling = conditionOf(object, 'Reconciling')
  if (reconciling?.status === 'True') return inProgress(reconciling.message ?? 'being reconciled')
  const ready = conditionOf(object, 'Ready')
  if (ready?.status === 'False') return inProgress(ready.message ?? 'not ready')
  return current('exists')
}
