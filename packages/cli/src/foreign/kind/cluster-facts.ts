/** What is read of the cluster behind a context before anything is decided. */
export interface ClusterFacts {
  /** Of the kubeconfig. */
  context: string
  cluster: string
  user: string
  server: string
  /** Undefined where the account may not list nodes. */
  nodes: readonly NodeFacts[] | undefined
  /** `v1.34.2`; undefined where it cannot be read. */
  version: string | undefined
  /** Undefined where the account may not list them. */
  storageClasses: readonly StorageClassFacts[] | undefined
  ingressClasses: readonly { name: string; isDefault: boolean; controller: string }[] | undefined
  /** Names of the claims that are in the namespace already. */
  claims: readonly string[] | undefined
  /** Whether a volume waits for a claim without class. */
  unclassedVolumes: boolean | undefined
}

export interface NodeFacts {
  name: string
  labels: Readonly<Record<string, string>>
  /** `kind://docker/dev/dev-control-plane` */
  providerId: string
  /** `Debian GNU/Linux 12 (bookworm)` */
  osImage: string
  /** `containerd://2.1.1` */
  runtime: string
  /** `v1.34.1+k3s1` */
  kubelet: string
  /** `amd64` */
  architecture: string
  addresses: readonly string[]
}

export interface StorageClassFacts {
  name: string
  isDefault: boolean
  provisioner: string
}
