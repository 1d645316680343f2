import type { ImageBuild, KeptEdge, KeptEffect, SqlClient } from '@landfall/kube'
import type { Effect } from '../settings/landfall-file.ts'
import type { Because } from './because.ts'
import type { FileMount, FileValue, HostMount, ScratchMount, VolumeMount } from './mounts.ts'
import type {
  Drain,
  JobPlan,
  LastingEffect,
  Login,
  Observed,
  PodNeeds,
  Resources,
  Rights,
} from './needs.ts'

/** What is decided for one service. */
export interface ServicePlan {
  /** Key in the Compose file. */
  service: string
  /** Valid name of its objects. */
  name: string
  /** Where the project declares it: `compose.yaml#/services/web`. */
  declaredAt?: string
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job'
  /** Why it is that kind. */
  kindBecause: Because
  /** What shows, without a declaration, that it does its work once: enough of it for a Job, or a little. */
  oneShotSigns?: Because[]
  /** Its program may end, and under Compose it would not start again after exit code 0. */
  mayComplete?: true
  replicas: number
  /** The number of its pods follows its load; `replicas` is then the least. */
  scale?: PlannedScale
  /** Each copy has a number of its own. */
  identity?: Identity
  /** What runs in each pod before the program. */
  before?: StepPlan[]
  /** Its program sends statements to a database. */
  sql?: SqlPlan
  /** Why there must be one copy of it only. */
  oneCopy?: OneCopy
  /** Connections from one address reach the same pod. */
  sticky?: true
  /** The service in whose pod it runs, where it shares namespaces with another. */
  pod?: string
  /**
   * It runs once in each pod of `pod`, as an init container: after these services of the pod, its host among them.
   */
  oncePerPod?: { after: string[] }
  /** A NetworkPolicy allows no traffic from or to its pod; where the project declares that. */
  cutOff?: { declaredAt?: string }
  /** Its pod is one process namespace: process 1 is not the program's. */
  sharesProcesses?: true
  image: string
  /** Its metadata is that of the table of well-known images, because the image could not be read. */
  imageFrom?: 'table'
  pullPolicy: PullPolicy
  /** How its image is built. */
  build?: ImageBuild
  /** Every name that peers can use, the service's own first. */
  names: PeerName[]
  reach: Reach
  /** Its names resolve to the addresses of its pods (`endpoint_mode: dnsrr`). */
  byAddress?: true
  /** Names beside that of the pod that lead to the pod itself inside of it; absent where its hostname is enough. */
  ownNames?: string[]
  ports: PlannedPort[]
  /** Ports of ranges that are too many for a Service: the names give the addresses of the pods, where all can be reached. */
  unlisted: PortSpan[]
  /** More ports than a Service can have, and no range that could be left out: none is exposed, except behind a route. */
  tooManyPorts?: true
  published: PublishedPort[]
  /** Ports that the project publishes, and which the cluster does not expose. */
  forwarded: ForwardedPort[]
  /** The Service that offers published ports outside, beside the names that peers use. */
  publishedService?: { name: string; type: 'NodePort' | 'LoadBalancer' }
  /** What an Ingress or a Gateway offers of it. */
  route?: Route
  /** null: the image's own. */
  entrypoint: string[] | null
  command: string[] | null
  workingDir?: string
  tty?: true
  stdin?: true
  environment: Record<string, string>
  /** Variables of `environment` whose values go into a Secret. */
  secretVariables: string[]
  /** Variables whose values lie in Secrets of the cluster. */
  secretReferences: Record<string, { secret: string; key: string }>
  /** The project's own test of health; the image's when absent. */
  healthTest?: string[]
  files: FileMount[]
  /** What its pod writes into its files when it starts; a file holds the number of a value where that belongs. */
  fileValues: FileValue[]
  volumes: VolumeMount[]
  /** Directories and memory that live as long as the pod. */
  scratch: ScratchMount[]
  /** Paths of the node that landfall.yaml allows. */
  hostPaths: HostMount[]
  /** Device files of the node. */
  devices: { source: string; target: string }[]
  resources: Resources
  /** What the program may do in the Kubernetes API. */
  permissions: ApiRule[]
  /** The user that the program runs as, and what it may do. */
  rights: Rights
  /** Commands that the kubelet runs in the container. */
  hooks: { afterStart?: string[]; beforeStop?: string[] }
  /** The pause of its pod, in each of its containers. */
  drain?: Drain
  /** What it needs of the pod in which it runs. */
  needs: PodNeeds
  /** Labels of the project, as annotations of its pods and of its workload. */
  annotations: { pod: Record<string, string>; workload: Record<string, string> }
  startup?: PlannedProbe
  readiness?: PlannedProbe
  liveness?: PlannedProbe
  /** Seconds after its start at which a program that is not ready yet is called unhealthy. */
  unhealthyAfter?: number
  gates: Gate[]
  /** Services outside the project that it connects to or waits for, by their names: another target makes new pods. */
  externals: string[]
  /** A Service that leads to its ready pods, for gates. */
  readyService?: { name: string; ports: PlannedPort[] }
  /** Services whose new pods make new pods of this one, sorted. */
  restartsWith: string[]
  /** Services whose new pods and containers restart this one at run time. */
  keptWith?: KeptEdge[]
  /** It is restarted when this does not hold, which no probe of its container can test. */
  keptAlive?: KeptEffect
  /** Volumes that the service fills from its image when they are new. */
  seeds: string[]
  oneShot?: {
    neverExits: boolean
    doneWhen?: Effect
    check?: Observed
    /** It runs again when this no longer holds. */
    again?: KeptEffect
    /** The effect after the end of the one-shot. */
    lasting?: LastingEffect
  }
  /** How its Job runs, where it is one. */
  job?: JobPlan
  ready?: Effect
}

/** Between how many pods an autoscaler chooses, and the use of requests that it aims at, in percent. */
export interface PlannedScale {
  min: number
  max: number
  cpu?: number
  memory?: number
}

/** The numbers of copies, and what they are in. */
export interface Identity {
  /** Of the first copy. */
  from: number
  /** How many copies have names and ports: at least as many as there are. */
  most: number
  /** Names of one copy with `{{identity}}` for its number, that of its pod first. */
  names: string[]
  /** A variable of the program that holds the number. */
  env?: string
  /** A file of the container that holds nothing else. */
  file?: string
  /** Ports that each copy has of its own. */
  ports: CopyPorts[]
}

/** A step before a program: a command, in the image of the service if no other is named, or statements. */
export type StepPlan = { command: string[]; image?: string } | { sql: SqlPlan }

/** Statements for a database. */
export interface SqlPlan {
  client: SqlClient
  host: string
  port: number
  /** The image with the client. */
  image: string
  login: Login
  /** The statements, or the path of a file in the container. */
  run: { text: string } | { file: string }
  unless?: string
}

/** Ports of copies: this number and that of the copy. */
export interface CopyPorts {
  base: number
  protocol: Protocol
  offered: 'inside' | 'NodePort' | 'LoadBalancer'
}

/** Why more than one copy of a service is wrong. */
export interface OneCopy {
  because: Because
  /** What would make several right. */
  remedy: string
}

/** A rule of a Role. */
export interface ApiRule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
  resourceNames?: string[]
}

export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never'

/** Which pods the names of a service lead to, and why. */
export interface Reach {
  /**
   * `ready`: one address for the ready pods. `always`: one address for the pod, ready or not, which stops before
   * another starts. `pods`: the addresses of the pods, ready or not, with every port.
   */
  mode: 'ready' | 'always' | 'pods'
  because: Because
}

export interface PeerName {
  /** As Compose has it. */
  written: string
  /** The valid name that resolves. */
  name: string
  from:
    | 'service'
    | 'container_name'
    | 'hostname'
    | 'alias'
    | 'link'
    /** `<project>-<service>-<number>`, which Compose makes up. */
    | 'container'
    /** `tasks.<service>` of Swarm: the addresses of the pods. */
    | 'tasks'
    /** An additional host at the fixed address of a service. */
    | 'extra_host'
  /** The service that has the written name on other networks. */
  beside?: string
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP'

/** A port that the container listens on, as far as can be known. */
export interface PlannedPort {
  port: number
  protocol: Protocol
  /** Where it was found: `ports`, `referenced by api (environment.DATABASE_URL)`. */
  because: Because
  /** Only the image names it (EXPOSE), which does not show that this program listens there: no gate probes it. */
  onlyExposed?: true
  /** A service that connects to it and does not wait for it, as its variables or its command say: `landfall up` tests that it answers. */
  connectedBy?: string
}

/** A published port that is only reached through `landfall port-forward`. */
export interface ForwardedPort {
  /** Of the host, where the project names one. */
  address?: string
  /** As the Compose file declares; the container port if it leaves the choice. */
  published: number
  port: number
  protocol: Protocol
}

export interface PublishedPort {
  port: number
  protocol: Protocol
  /** As the Compose file declares; absent if it leaves the choice. */
  published?: number
  nodePort?: number
  /** The port of the node where the pod runs. */
  hostPort?: number
  /** A load balancer offers it, under the published number. */
  balanced?: true
  appProtocol?: string
  /** Of a port of a range: what the ports of one range have in common. */
  range?: number
  /** The program sends its peers the number within its protocol (RTP, passive FTP). */
  announced?: true
  /** It need not answer when the service is ready. */
  optional?: true
}

export interface PortSpan {
  first: number
  last: number
  protocol: Protocol
}

export interface Route {
  kind: 'Ingress' | 'Gateway'
  /** The container port. */
  port: number
  host?: string
  path: string
  /** The IngressClass. */
  class?: string
  gateway?: string
  /** Name of the Secret with the certificate. */
  certificate?: string
}

export interface PlannedProbe {
  because: Because
  action:
    | { exec: { command: string[] } }
    | {
        httpGet: {
          path: string
          port: number
          scheme: 'HTTP' | 'HTTPS'
          httpHeaders?: { name: string; value: string }[]
        }
      }
    | { tcpSocket: { port: number } }
  /** Seconds. */
  period: number
  timeout: number
  failures: number
  /** Seconds before the first question. */
  delay?: number
}

/** One wait of a service's gate. */
export interface Gate extends Observed {
  because: Because
  /** What the gate is named after: a service or a host. */
  on: string
  /** The service whose Job must be complete. */
  job?: string
}
