/** What a long step reports while it works. */
export interface ProgressEvent {
  /** What is being done, as a present participle: "building Kubernetes 1.36.3". */
  step: string
  state: 'start' | 'progress' | 'done' | 'cached'
  detail?: string
  /** Wall time of the step in milliseconds, with `done`. */
  ms?: number
}

export type Progress = (event: ProgressEvent) => void

export interface ClusterOptions {
  /** Clusters with different names live side by side. */
  name: string
  nodes: number
  /** Programs, packages and images, shared by all clusters. Default: `$XDG_CACHE_HOME/landfall` or `~/.cache/landfall`. */
  cacheDirectory: string
  /** State of all clusters. Default: `$XDG_STATE_HOME/landfall/clusters` or `~/.local/state/landfall/clusters`. */
  stateDirectory: string
  /** What it runs in addition; it keeps what it ran before. */
  with?: readonly AddOn[]
  /** Where what the cluster runs comes from. Default: downloaded where the release hosts respond, else built. */
  provision?: Provision
}

/** `metrics`: metrics-server, for `kubectl top` and HorizontalPodAutoscalers. */
export type AddOn = 'metrics'

/** Where programs come from. */
export interface Provision {
  /** Only this way; either if omitted. */
  way?: 'download' | 'build'
  /** An http(s) address or a directory with copies of the releases, at `<host>/<path>`. */
  mirror?: string
  /** A file with a table of releases in the place of the built-in one. */
  table?: string
  /** A file with all releases (`writeBundle`); no host is contacted. */
  bundle?: string
  /** For the proxies in it. */
  env?: Readonly<Record<string, string | undefined>>
}

export interface Cluster {
  name: string
  /** Absolute path; the context in it is `landfall-<name>`. */
  kubeconfig: string
  nodes: { name: string; address: string }[]
  /** `host:port`, plain http: this cluster's own images (builds, stand-ins). Nodes try it first for every name. */
  registry: string
  /** `host:port`, plain http: images made from packages, kept in the cache and shared by all clusters. Tried second, and only where Docker Hub cannot be reached. */
  packageRegistry: string
  /** Absolute path of a kubectl of the cluster's version. */
  kubectl: string
}

/** The registries of a cluster, which run before its Kubernetes does. */
export type Registries = Pick<Cluster, 'registry' | 'packageRegistry'>

/** Where an image that a project names comes from. */
export interface ImageSource {
  image: string
  from: 'registry' | 'upstream' | 'package' | 'build' | 'stand-in' | 'missing'
  /** One sentence for people: "made from Debian's postgresql-15 15.14". */
  detail: string
  /** `sha256:…` of the manifest, of images that change under their tag (stand-ins): nodes keep what they once pulled. */
  digest?: string
}

/** The machine cannot run a local cluster; each entry is what is missing and what to do. */
export interface Requirement {
  name: string
  missing: string
  hint: string
}
