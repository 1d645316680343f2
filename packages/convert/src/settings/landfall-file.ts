/** `landfall.yaml`: what Compose cannot say. The same paths may stand under `x-landfall` in the Compose file. */
export interface LandfallFile {
  services?: Record<string, ServiceSettings>
  /** By the name of a volume, or by the path of a bind: `./data`. */
  volumes?: Record<string, VolumeSettings>
  /** By the path of a mounted file, as the Compose file writes it: `./config.json`. */
  files?: Record<string, FileSettings>
  /** Services outside of the project, by the names that its services dial. */
  external?: Record<string, ExternalService>
  secrets?: SecretRules
  /** Dangerous drops that the user takes: `services/agent/volumes/4`, a path of the project without the leading slash. */
  accept?: string[]
  /** Images of what runs before a program: `tools` has a static `/bin/busybox`. */
  gate?: { image?: string; tools?: string }
  /** How published ports of every service are offered, where the service says nothing itself. */
  expose?: Exposure
  /** The address at which pods reach the machine that Compose calls `host-gateway`. */
  hostGateway?: string
  /** What is otherwise in an environment; the chosen one is merged in when the file is read. */
  environments?: Record<string, Omit<LandfallFile, 'environments'>>
}

export interface FileSettings {
  /** Values to set, by JSON Pointers into the file. */
  set?: Record<string, unknown>
  /** What the file is, where its name does not tell. */
  format?: FileFormat
  /** Whether the program writes into it; what the Compose file says when silent. */
  writable?: boolean
}

export type FileFormat = 'json' | 'yaml' | 'toml' | 'ini' | 'properties' | 'xml' | 'env'

/** Exactly one of `address` and `host`. */
export interface ExternalService {
  /** IPv4 or IPv6. */
  address?: string
  host?: string
  /** With `address`: `3306`, `3306:13306` where another port answers there, `53/udp`. */
  ports?: (number | string)[]
}

/** Which variables are secrets, beside what their names and values say; `*` stands for any characters. */
export interface SecretRules {
  variables?: string[]
  plain?: string[]
}

export interface ServiceSettings {
  /** Whether the service does its work once; if omitted, what the project shows decides. */
  oneShot?: OneShot | boolean
  /** Effects that must hold before the service starts, beside its `depends_on`. */
  waitsFor?: Effect[]
  /** When the service is ready to be used: becomes its readiness and startup probe. An http effect names the service itself or localhost. */
  ready?: Effect
  /** What `service_started` means for those that wait for it: a port of it answers (when silent), or its pod runs. */
  startedWhen?: 'answers' | 'runs'
  /** What its names lead to: one address, or each pod with every port. Decided by who connects when, if omitted. */
  reach?: 'service' | 'pods'
  /** When it must be restarted: becomes its liveness probe. */
  alive?: Effect
  /** Container ports that the service listens on and the Compose file does not declare: `5566`, `53/udp`. */
  ports?: (number | string)[]
  /** Container ports that need not answer when the service is ready. */
  optionalPorts?: number[]
  replicas?: number
  /** How published ports are offered; NodePort when silent, Ingress when a host or a path is named. */
  expose?: Exposure
  /** What the service may use of the node that it runs on. */
  host?: HostAccess
  /** A RuntimeClass of the cluster. */
  runtimeClass?: string
  resources?: { memory?: string; cpu?: string }
  /** Variables whose values lie in Secrets of the cluster; the key is the variable's name when silent. */
  environment?: Record<string, { secret?: string; key?: string }>
  /** Makes the program look its own name up in /etc/hosts before DNS (Go before 1.16 in an image without /etc/nsswitch.conf). */
  hostsFirst?: boolean
}

export interface Exposure {
  /** HostPort: the published numbers, on the node where the pod runs. */
  type?: 'NodePort' | 'LoadBalancer' | 'HostPort' | 'Ingress' | 'Gateway' | 'none'
  /** For an Ingress or a Gateway: `shop.example.com`. */
  host?: string
  /** For an Ingress or a Gateway: everything below it; `/` when silent. */
  path?: string
  /** The IngressClass. */
  class?: string
  /** For an Ingress: the Secret with the certificate, or one named after the service. */
  tls?: string | boolean
  /** The container port behind an Ingress or a Gateway; the first published one when silent. */
  port?: number
  /** The Gateway that the route belongs to. */
  gateway?: string
}

export interface HostAccess {
  network?: boolean
  pid?: boolean
  ipc?: boolean
  /** Paths of the node that the service mounts, as the Compose file names them: `/proc`, `/var/run/docker.sock`. */
  paths?: string[]
  /** Device files of the node, which needs a privileged container. */
  devices?: boolean
  /** Kernel settings that Kubernetes does not call safe, which a privileged init container makes. */
  sysctls?: boolean
}

export interface OneShot {
  /** The effect that tells that the work is done, for a program whose exit code does not. */
  doneWhen?: Effect
  /** The program stays alive after its work (`tail -f /dev/null`). */
  neverExits?: boolean
}

/** One thing that can be observed. Exactly one of the first keys; `status` and `body` go with `http`. */
export interface Effect {
  /** `http://consul:8500/v1/kv/config?keys` */
  http?: string
  /** Expected status; any 2xx when silent. */
  status?: number
  /** Text that the body must hold. */
  body?: string
  /** `mongo:27017` */
  tcp?: string
  /** A name that must resolve. */
  dns?: string
  /** A service that is a one-shot, whose Job must be complete. */
  job?: string
  /** A path on a volume of the service that must exist. */
  file?: string
  /** Run in the target's container; only for `ready` and `alive`. */
  command?: string[]
}

export interface VolumeSettings {
  /** What a bind becomes; decided by what the project shows if omitted. Not for named volumes. */
  as?: 'storage' | 'config' | 'host'
  size?: string
  class?: string
  /** The class offers ReadWriteMany. */
  shared?: boolean
}
