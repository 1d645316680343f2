import type { KubeObject } from '@landfall/kube'
import type { Sightings } from '../sightings.ts'

/** Something that is wrong with a pod or a workload. */
export interface Finding {
  /** For people: `ImagePullBackOff`, `exited with code 1`. */
  reason: string
  message: string
  container?: string
  exitCode?: number
  /** Nothing but a change of the project or the cluster helps: the deploy ends here. Otherwise it may still come right. */
  final: boolean
  /** What to try. */
  hint?: string
}

/** What a rule about a pod may look at. */
export interface PodContext {
  pod: KubeObject
  /** About the pod, the latest last. */
  events: readonly KubeObject[]
  /** About the claims that it mounts. */
  claimEvents: readonly KubeObject[]
  workload: KubeObject
  sightings: Sightings
  /** Nothing else is on its way: what this pod lacks will not come by itself. */
  othersSettled: boolean
  /** Milliseconds since another workload of the release became ready, or since the wait began. */
  sinceProgress: number
}

export type PodRule = (context: PodContext) => Finding | undefined

/** What a rule about a workload may look at. */
export interface WorkloadContext {
  workload: KubeObject
  /** About the workload and what it makes pods with, the latest last. */
  events: readonly KubeObject[]
  /** Of its present template. */
  pods: readonly KubeObject[]
  sightings: Sightings
}

export type WorkloadRule = (context: WorkloadContext) => Finding | undefined
