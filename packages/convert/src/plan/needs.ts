import type { KeptWait, Wait } from '@landfall/kube'
import type { Because } from './because.ts'

/** What a program needs of its pod. A pod of several programs has what all of them need. */
export interface PodNeeds {
  /** The name that the program finds as its host name. */
  hostname?: string
  /** What it shares with its node. */
  node: { network?: true; processes?: true; memory?: true }
  /** Seconds that it has to stop. */
  grace: number
  /** Additional groups of its processes. */
  groups: number[]
  /** Kernel settings that every node allows. */
  sysctls: KernelSetting[]
  /** Kernel settings that a privileged init container writes. */
  writtenSysctls: KernelSetting[]
  hostAliases: HostAlias[]
  resolver?: Resolver
  placement: Placement
}

export interface KernelSetting {
  name: string
  value: string
  /** Of a setting that the project does not have. */
  because?: Because
}

export interface HostAlias {
  ip: string
  hostnames: string[]
}

/** Beside the resolver of the cluster. */
export interface Resolver {
  nameservers?: string[]
  searches?: string[]
  options?: { name: string; value?: string }[]
}

/** On which nodes a pod may run, and on which it should. */
export interface Placement {
  /** Labels that the node must have. */
  nodeLabels: Record<string, string>
  /** Nodes that are preferred. */
  preferred: NodeExpression[]
  /** Pods are spread over the values of a label of nodes, where there is room. */
  spread: SpreadRule[]
  runtimeClass?: string
}

/** The label that every node has, with its name. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetesiohostname */
export const NODE_NAME_LABEL = 'kubernetes.io/hostname'

export interface SpreadRule {
  topologyKey: string
  /** Only for nodes: of the other places, the one with the fewest pods is preferred. */
  maxSkew: number
  /** A pod that would break it waits. */
  hard?: true
  /** Pods of other revisions do not count. */
  perRevision?: true
}

export interface NodeExpression {
  key: string
  operator: string
  values?: string[]
}

export interface Resources {
  requests?: Record<string, string>
  limits?: Record<string, string>
}

/** The security context of a program. */
export interface Rights {
  runAsUser?: number
  runAsGroup?: number
  privileged?: boolean
  allowPrivilegeEscalation?: boolean
  readOnlyRootFilesystem?: boolean
  capabilities?: { add?: string[]; drop?: string[] }
  seLinuxOptions?: Record<string, string>
  seccompProfile?: { type: 'Unconfined' | 'RuntimeDefault' }
  appArmorProfile?: { type: 'Unconfined' | 'Localhost'; localhostProfile?: string }
}

/** How the pods of a workload are replaced. */
export interface Rollout {
  /** `Recreate`: all old pods stop first. Otherwise a part of them at a time; a number, or a percentage. */
  strategy:
    | { type: 'Recreate' }
    | {
        type: 'RollingUpdate'
        rollingUpdate: { maxSurge: number | string; maxUnavailable: number | string }
      }
  because: Because
  /** Seconds that a new pod must be ready before it counts, and an old one may stop for it. */
  minReadySeconds?: number
  /** No second pod may run anywhere in the cluster, not even while the first one ends: both would write the same data. */
  alone?: true
}

/** The pause before the programs of a pod get their stop signal, in which they serve on. */
export interface Drain {
  /** At least 1. */
  seconds: number
  because: Because
}

/** An effect that another pod tests after the end of its one-shot, or why none can. */
export type LastingEffect = { wait: KeptWait } | { untested: string }

/** How a Job runs. */
export interface JobPlan {
  /** Base of its name, which a hash follows. */
  base: string
  /** How often its program must succeed, all at once. */
  runs: number
  /** Further tries after a pod that failed. */
  backoffLimit: number
  /** The program's own exit code fails the Job; a pod that was deleted or evicted is tried again. */
  failsWithProgram: boolean
}

/** How a pod finds out whether an effect holds. */
export interface Observed {
  /** For a Job with its name before the hash of its content. */
  wait: Wait
  /** Whose program does it: the image with tools, the image of a service, or one for a server outside of the project. That of the gates if absent. */
  client?: 'tools' | { service: string } | { image: string; server: string }
  login?: Login
}

/** With what a client logs in; its parts are variables of the container that have `id` in their names. */
export interface Login {
  id: string
  user: LoginValue
  password?: LoginValue
  database?: LoginValue
}

/** A text, a key of a Secret of the cluster, or what a service has in a variable. */
export type LoginValue =
  | { value: string }
  | { secret: string; key: string }
  | { of: string; variable: string }
