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
  /**
   * When the last of the other workloads became ready, in milliseconds since 1970 by the clock of its node: from then on
   * nothing that this pod could be waiting for comes by itself. Undefined while one is still on its way.
   */
  settledAt: number | undefined
  /** What was seen first longer ago than this may be the past: the deploy has changed something since. */
  newsWithinMs: number
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
