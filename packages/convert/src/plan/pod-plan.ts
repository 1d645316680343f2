import type { Because } from './because.ts'
import type { VolumeSource } from './mounts.ts'
import type { Drain, JobPlan, Login, PodNeeds, Rollout, SpreadRule } from './needs.ts'
import type {
  ApiRule,
  OneCopy,
  PlannedScale,
  Protocol,
  PullPolicy,
  ServicePlan,
} from './service-plan.ts'

/** A pod: containers that share a network and volumes and live and end together. One workload makes it. */
export interface PodPlan {
  /** The service that the pod is named after. */
  service: string
  /** Name of the workload, by which its pods are selected. */
  name: string
  kind: ServicePlan['kind']
  /** Why it is that kind. */
  kindBecause: Because
  replicas: number
  /** The number of pods follows the load of this service, whose container has the name `of`. */
  scale?: PlannedScale & { of: string }
  /** Each copy has a number, the first one this. */
  firstNumber?: number
  /** The most pods that have Services of their own. */
  mostNumbered?: number
  /** Why there must be one of it only. */
  oneCopy?: OneCopy
  /** Who drains nodes takes one of its pods away at a time. */
  oneAwayAtATime?: true
  /** What it would also get as several pods, of which there may be more by a value. */
  ifSeveral?: { spread: SpreadRule[]; hostnames: 'own' | 'one' }
  rollout?: Rollout
  drain?: Drain
  job?: JobPlan
  /** Seconds in which a rollout must make progress, if not the usual ten minutes. */
  progressDeadline?: number
  /** Its program may turn out to end with exit code 0. */
  mayComplete?: true
  /** The services whose programs run in it: the one that it is named after, then the others sorted. */
  services: string[]
  /** Init containers in the order in which they run, programs that start first among them. */
  steps: ContainerPlan[]
  /** Containers that start side by side when all steps are done. */
  containers: ContainerPlan[]
  volumes: PodVolume[]
  /** What all of its programs need together. */
  needs: PodNeeds
  /** Its containers see the processes of one another. */
  sharesProcesses?: true
  /** All pods with which it shares a claim run on one node: those with this label, or the copies of the pod alone. */
  oneNode?: { group?: string }
  /** The ServiceAccount whose token some of its containers get, or that landfall.yaml names. */
  account?: string
  /** The account is there already: landfall.yaml names it. */
  accountIsGiven?: true
  permits: Permit[]
  annotations: { pod: Record<string, string>; workload: Record<string, string> }
  /** Annotations that make new pods when something else changes. */
  rolls: Roll[]
}

/** What a container does, in the order in which the init containers of a program run. */
export const PHASES = [
  /** Brings the tools with which volumes are seeded. */
  'tools',
  /** Fills new volumes from the image of the program. */
  'seed',
  /** Sets modes and owners of empty directories. */
  'scratch',
  /** Copies and unpacks files of the project. */
  'files',
  /** Keeps claims in step with files of the project, or waits until these have been copied. */
  'fill',
  /** Writes kernel settings. */
  'settings',
  /** Writes the hosts file. */
  'names',
  /** Waits for what the program needs. */
  'wait',
  /** Does what has to be done in each pod before its program. */
  'before',
  /** Runs the program of a service. */
  'program',
  /** Looks whether the work of a one-shot is done. */
  'check',
  /** Lives as long as the pod where all programs start first. */
  'keep',
] as const

export type Phase = (typeof PHASES)[number]

export interface ContainerPlan {
  phase: Phase
  /** The service that it runs, or for which it works. */
  of: string
  name: string
  image: string
  pullPolicy: PullPolicy
  mounts: ContainerMount[]
  /** An init container that goes on while the pod lives. */
  sidecar?: true
  /** Ports of a program that no other container of the pod names already. */
  ports?: ContainerPort[]
  /** It reads the volumes of the program, as root. */
  readsVolumes?: true
  /** With what it logs in elsewhere. */
  logins?: Login[]
  /** Which of the steps of its service it is. */
  step?: number
}

export interface ContainerMount {
  /** Of the pod's volume. */
  name: string
  mountPath: string
  subPath?: string
  readOnly?: boolean
}

export interface ContainerPort {
  port: number
  protocol: Protocol
  hostPort?: number
}

/** A volume of a pod: one of the sources. */
export interface PodVolume {
  name: string
  /** A PersistentVolumeClaim by its name. */
  claim?: string
  nfs?: VolumeSource['nfs']
  empty?: { memory?: true; sizeLimit?: string }
  /** A path of the node. */
  path?: string
  /** The files of the project that this service mounts. */
  files?: string
  /** Lists of the gates. */
  lists?: string[]
  /** The token of the pod's ServiceAccount. */
  token?: true
}

/** What the ServiceAccount of a pod may do for the containers of one service. */
export interface Permit {
  of: string
  rules: PermitRule[]
}

/** Something to do with the Job of a service, to list the pods of the namespace, or what landfall.yaml allows a program. */
export type PermitRule =
  | { job: string; verbs: string[] }
  /** To read the rollout of this Deployment. */
  | { deployment: string }
  | { listPods: true }
  | { api: ApiRule }

/**
 * What makes new pods when it changes: files, variables from a Secret, or the pods of other services. A hash of the content is an
 * annotation of the pods, except of what is secret: `landfall up` adds that hash, with the key of the release (decision 0018).
 */
export interface Roll {
  /** Name of the annotation; absent where all of the content is secret, and where another content is an object with another name. */
  annotation?: string
  by: 'environment' | 'files' | 'pods' | 'externals'
  of: string
  /** Workloads whose pods are hashed, by the service that they are named after. */
  pods?: string[]
  /** Services outside the project whose targets are hashed. */
  externals?: string[]
}

/** What the pod of a service holds for one adaptation. */
export interface PodPart {
  volumes?: PodVolume[]
  /** Mounts of the program. */
  mounts?: ContainerMount[]
  /** Init containers, and a checker. */
  containers?: Omit<ContainerPlan, 'of' | 'pullPolicy'>[]
  permit?: PermitRule[]
  /** Contents whose change makes new pods. */
  rolls?: Omit<Roll, 'of'>[]
}
