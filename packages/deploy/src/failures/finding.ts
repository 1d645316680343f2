import type { KubeObject } from '@landfall/kube'
import type { PodProgress } from '../view/progress.ts'
import type { Sightings } from '../view/sightings.ts'
import type { RunMemory } from '../view/steady.ts'
import type { FailureCode } from './codes.ts'

/** The part of a service that a finding is about, by which the line of the project that decides it is found. */
export type About =
  | 'claim'
  | 'command'
  | 'cpu'
  | 'healthcheck'
  | 'image'
  | 'memory'
  | 'placement'
  | 'ports'
  | 'volumes'

/** Something that is wrong with a pod or a workload. */
export interface Finding {
  code: FailureCode
  /** For people: `ImagePullBackOff`, `exited with code 1`. */
  reason: string
  message: string
  about?: About
  /** Name of the claim that it is about. */
  claim?: string
  container?: string
  exitCode?: number
  /** Nothing but a change of the project or the cluster helps: the deploy ends here. Otherwise it may still come right. */
  final: boolean
  /** What to try. */
  hint?: string
  /** The program has done its work, and the project lets it end: it is an undeclared one-shot. */
  completed?: true
}

/** What a rule about a pod may look at. */
export interface PodContext {
  pod: KubeObject
  /** The node that it is on, as far as it can be read. */
  node: KubeObject | undefined
  /** All nodes by name, as far as they can be read. */
  nodes: ReadonlyMap<string, KubeObject>
  /** Pods of the same workload that are being deleted and have not ended. */
  ending: readonly KubeObject[]
  /** About the pod, the latest last. */
  events: readonly KubeObject[]
  /** About the claims that it mounts, by the name of the claim. */
  claimEvents: ReadonlyMap<string, readonly KubeObject[]>
  workload: KubeObject
  sightings: Sightings
  /**
   * When the last of the other workloads became ready, in milliseconds since 1970 by the clock of its node: from then on
   * nothing that this pod could be waiting for comes by itself. Undefined while one is still on its way.
   */
  settledAt: number | undefined
  memory: RunMemory
}

export type PodRule = (context: PodContext) => Finding | undefined

/** What a rule about a workload may look at. */
export interface WorkloadContext {
  workload: KubeObject
  /** About the workload and what it makes pods with, the latest last. */
  events: readonly KubeObject[]
  /** Of its present template, with what they are doing. */
  pods: readonly { pod: KubeObject; progress: PodProgress }[]
  /** All nodes by name, as far as they can be read. */
  nodes: ReadonlyMap<string, KubeObject>
  /** Its pods that are being deleted and have not ended, of whatever template. */
  ending: readonly KubeObject[]
  /** The ReplicaSet of its present template, where it has one. */
  replicaSet?: KubeObject
  sightings: Sightings
  /** As for a pod: undefined while something is on its way that it could be waiting for. */
  settledAt: number | undefined
  memory: RunMemory
}

export type WorkloadRule = (context: WorkloadContext) => Finding | undefined
