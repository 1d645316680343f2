import { join } from 'node:path'
import type { HostTools } from '../cache/host-tools.ts'
import type { Programs } from '../cache/programs.ts'
import { type ClusterPaths, nodePaths, volumesOnNode } from '../cluster/paths.ts'
import type { Daemon } from '../host/processes.ts'
import { type AddressPlan, ports } from '../network/address-plan.ts'
import { volumesCommand } from '../volumes/command.ts'

export interface ControlPlaneInputs {
  plan: AddressPlan
  paths: ClusterPaths
  programs: Programs
  tools: HostTools
}

export const storageClass = 'standard'
export const provisioner = 'landfall.dev/node-directory'

/** What the API server needs before it can start, and it. */
export function storeAndApiServer({ plan, paths, programs }: ControlPlaneInputs): Daemon[] {
  const pki = (file: string) => join(paths.pki, file)
  const etcd = `https://${plan.loopback}:${ports.etcd}`
  const peer = `https://${plan.loopback}:${ports.etcdPeers}`
  return [
    {
      name: 'etcd',
      keepsData: true,
      command: [
        ...programs.components.etcd,
        `--data-dir=${paths.etcd}`,
        // A write to disk takes up to seconds on small machines; what is lost is only lost with the machine's power.
        '--unsafe-no-fsync',
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        ...['', 'peer-'].flatMap((side) => [
          `--${side}cert-file=${pki('etcd.crt')}`,
          `--${side}key-file=${pki('etcd.key')}`,
          `--${side}trusted-ca-file=${pki('etcd-ca.crt')}`,
          `--${side}client-cert-auth`,
        ]),
        '--log-level=warn',
      ],
    },
    {
      name: 'kube-apiserver',
      command: [
        ...programs.components['kube-apiserver'],
        `--etcd-servers=${etcd}`,
        `--etcd-cafile=${pki('etcd-ca.crt')}`,
        `--etcd-certfile=${pki('etcd-client.crt')}`,
        `--etcd-keyfile=${pki('etcd-client.key')}`,
        `--bind-address=${plan.gateway}`,
        `--secure-port=${ports.apiServer}`,
        `--advertise-address=${plan.gateway}`,
        `--service-cluster-ip-range=${plan.serviceCidr}`,
        `--tls-cert-file=${pki('apiserver.crt')}`,
        `--tls-private-key-file=${pki('apiserver.key')}`,
        `--client-ca-file=${pki('ca.crt')}`,
        `--service-account-key-file=${pki('service-accounts.pub')}`,
        `--service-account-signing-key-file=${pki('service-accounts.key')}`,
        '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
        '--authorization-mode=Node,RBAC',
        '--enable-admission-plugins=NodeRestriction',
        '--allow-privileged',
        `--kubelet-client-certificate=${pki('kubelet-client.crt')}`,
        `--kubelet-client-key=${pki('kubelet-client.key')}`,
        `--kubelet-certificate-authority=${pki('ca.crt')}`,
        '--kubelet-preferred-address-types=InternalIP',
        `--requestheader-client-ca-file=${pki('ca.crt')}`,
        '--requestheader-allowed-names=front-proxy',
        '--requestheader-username-headers=X-Remote-User',
        '--requestheader-group-headers=X-Remote-Group',
        '--requestheader-extra-headers-prefix=X-Remote-Extra-',
        `--proxy-client-cert-file=${pki('front-proxy.crt')}`,
        `--proxy-client-key-file=${pki('front-proxy.key')}`,
        // The host has no kube-proxy: webhooks and aggregated APIs are reached at their pods.
        '--enable-aggregator-routing',
        // Pods of a lost node start elsewhere after half a minute, not after five.
        '--default-not-ready-toleration-seconds=30',
        '--default-unreachable-toleration-seconds=30',
        '--profiling=false',
      ],
    },
  ]
}

/** What needs the API server. */
export function controllers({ plan, paths, programs }: ControlPlaneInputs): Daemon[] {
  const pki = (file: string) => join(paths.pki, file)
  const kubeconfig = (user: string) => join(paths.run, `${user}.kubeconfig`)
  const controllerManager = kubeconfig('controller-manager')
  const scheduler = kubeconfig('scheduler')
  return [
    {
      name: 'kube-controller-manager',
      command: [
        ...programs.components['kube-controller-manager'],
        `--kubeconfig=${controllerManager}`,
        `--authentication-kubeconfig=${controllerManager}`,
        `--authorization-kubeconfig=${controllerManager}`,
        `--bind-address=${plan.loopback}`,
        `--secure-port=${ports.controllerManager}`,
        '--use-service-account-credentials',
        `--service-account-private-key-file=${pki('service-accounts.key')}`,
        `--root-ca-file=${pki('ca.crt')}`,
        `--cluster-signing-cert-file=${pki('ca.crt')}`,
        `--cluster-signing-key-file=${pki('ca.key')}`,
        '--leader-elect=false',
        '--kube-api-qps=200',
        '--kube-api-burst=400',
        // A lost node is noticed in seconds; less than this and healthy nodes of a busy machine are taken for lost.
        '--node-monitor-period=2s',
        '--node-monitor-grace-period=20s',
        // Of two nodes one is half the cluster, for which upstream would stop moving pods away.
        '--unhealthy-zone-threshold=1',
        '--node-eviction-rate=10',
        '--secondary-node-eviction-rate=10',
        '--profiling=false',
      ],
    },
    {
      name: 'kube-scheduler',
      command: [
        ...programs.components['kube-scheduler'],
        `--kubeconfig=${scheduler}`,
        `--authentication-kubeconfig=${scheduler}`,
        `--authorization-kubeconfig=${scheduler}`,
        `--bind-address=${plan.loopback}`,
        `--secure-port=${ports.scheduler}`,
        '--leader-elect=false',
        '--kube-api-qps=200',
        '--kube-api-burst=400',
        '--profiling=false',
      ],
    },
    {
      name: 'volumes',
      // It changes the modes of directories and removes files of all users.
      capabilities: ['chown', 'dac_override', 'dac_read_search', 'fowner'],
      command: [
        ...volumesCommand(),
        `--server=${plan.apiServer}`,
        `--pki=${paths.pki}`,
        `--name=${provisioner}`,
        `--on-host=${nodePaths(paths, '%s').volumes}`,
        `--on-node=${volumesOnNode}`,
      ],
    },
    {
      name: 'coredns',
      // Port 53.
      capabilities: ['net_bind_service'],
      command: [programs.coredns, '-conf', join(paths.run, 'Corefile')],
      reads: [join(paths.run, 'Corefile')],
    },
  ]
}

/** The registries of a cluster: its own images, and those made from packages. */
export const registryNames = ['registry', 'package-registry'] as const

/**
 * Debian's registry, for the cluster's own images and for those made from packages: each once for everyone who reaches the
 * bridge, which cannot write, and once on loopback for the owner of the cluster.
 */
export function registries({
  paths,
  tools,
}: Pick<ControlPlaneInputs, 'paths' | 'tools'>): Daemon[] {
  return registryNames.flatMap((name) =>
    [name, `${name}-writer`].map((process) => ({
      name: process,
      keepsData: true,
      reads: [join(paths.run, `${process}.yaml`), join(paths.run, 'htpasswd')],
      command: [tools.registry, 'serve', join(paths.run, `${process}.yaml`)],
      env: { ...tools.env, OTEL_TRACES_EXPORTER: 'none' },
    })),
  )
}

/**
 * Configuration of a registry (distribution's `config.yml`), as JSON, which is YAML too. With `writer` (the path of a htpasswd
 * file) every request requires a login, without it the registry cannot be written to. Nothing is ever deleted.
 */
export function registryConfig(
  address: string,
  directory: string,
  writer: { htpasswd: string } | undefined,
): string {
  return JSON.stringify({
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: directory, maxthreads: 100 },
      delete: { enabled: false },
      maintenance: {
        uploadpurging: { enabled: false },
        readonly: { enabled: writer === undefined },
      },
    },
    http: { addr: address },
    ...(writer !== undefined && {
      auth: { htpasswd: { realm: 'landfall', path: writer.htpasswd } },
    }),
  })
}

/**
 * The cluster's names are answered from the current state of the API server; only other names are cached. `forward` are the
 * machine's own name servers; without any, other names do not exist.
 */
export function corefile(plan: AddressPlan, kubeconfig: string, forward: string[]): string {
  const outside =
    forward.length === 0
      ? ''
      : `.:53 {\n  bind ${plan.gateway}\n  errors\n  cache 30\n  forward . ${forward.join(' ')}\n}\n`
  return `cluster.local:53 in-addr.arpa:53 ip6.arpa:53 {
  bind ${plan.gateway}
  errors
  loadbalance
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig ${kubeconfig}
    pods insecure
    ttl 1
    fallthrough in-addr.arpa ip6.arpa
  }${forward.length === 0 ? '' : `\n  forward . ${forward.join(' ')}`}
}
${outside}`
}

/** The name servers in the text of a resolv.conf, at most three as with the C library. */
export function nameServers(resolvConf: string): string[] {
  return resolvConf
    .split('\n')
    .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1])
    .filter((address) => address !== undefined)
    .slice(0, 3)
}
