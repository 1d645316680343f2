/** `landfall.yaml`: what Compose cannot say. The same paths may stand under `x-landfall` in the Compose file. */
export interface LandfallFile {
  services?: Record<string, ServiceSettings>
  volumes?: Record<string, VolumeSettings>
  /** Dangerous drops that the user takes: `services/agent/volumes/4`, a path of the project without the leading slash. */
  accept?: string[]
  gate?: { image?: string }
  /** How published ports of every service are offered, where the service says nothing itself. */
  expose?: Exposure
  /** The address at which pods reach the machine that Compose calls `host-gateway`. */
  hostGateway?: string
}

export interface ServiceSettings {
  /** The service does its work once. */
  oneShot?: OneShot | true
  /** Effects that must hold before the service starts, beside its `depends_on`. */
  waitsFor?: Effect[]
  /** When the service is ready to be used: becomes its readiness and startup probe. An http effect names the service itself or localhost. */
  ready?: Effect
  /** When it must be restarted: becomes its liveness probe. */
  alive?: Effect
  /** Container ports that the service listens on and the Compose file does not declare: `5566`, `53/udp`. */
  ports?: (number | string)[]
  replicas?: number
  /** How published ports are offered; NodePort when silent, Ingress when a host or a path is named. */
  expose?: Exposure
  /** What the service may use of the node that it runs on. */
  host?: HostAccess
  /** A RuntimeClass of the cluster. */
  runtimeClass?: string
  resources?: { memory?: string; cpu?: string }
  /** Makes the program look its own name up in /etc/hosts before DNS (Go before 1.16 in an image without /etc/nsswitch.conf). */
  hostsFirst?: boolean
}

export interface Exposure {
  type?: 'NodePort' | 'LoadBalancer' | 'Ingress' | 'Gateway' | 'none'
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
  size?: string
  class?: string
  /** The class offers ReadWriteMany. */
  shared?: boolean
}
