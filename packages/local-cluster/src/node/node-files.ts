import { join } from 'node:path'
import type { HostTools } from '../cache/host-tools.ts'
import type { Programs } from '../cache/programs.ts'
import { type ClusterPaths, nodePaths } from '../cluster/paths.ts'
import { type AddressPlan, maximumNodes, type NodePlan, nodePlan } from '../network/address-plan.ts'
import type { NodeProgram, NodeSpec } from './init-script.ts'
import { nodeEnvironment, type ProxyMode } from './proxy-mode.ts'

export interface NodeInputs {
  plan: AddressPlan
  node: NodePlan
  paths: ClusterPaths
  programs: Programs
  tools: HostTools
  /** Directories of the host that the node must still see at their places. */
  keep: string[]
  /** The control group of its pods. */
  podsCgroup: string
  pauseArchive: string
  proxyMode: ProxyMode
  /** Environment variables for machines behind a proxy. */
  proxy: Record<string, string>
}

const containerdSocket = '/run/containerd/containerd.sock'
export const pauseImage = 'landfall.local/pause:1'

/** What the node's process 1 does. */
export function nodeSpec(inputs: NodeInputs): NodeSpec {
  const { plan, node, paths, programs, tools, keep, pauseArchive } = inputs
  const { etc, log, disk } = nodePaths(paths, node.name)
  const containerd = `unix:${containerdSocket}`
  const apiServer = `tcp:${plan.apiServer.replace('https://', '')}`
  const program = (name: string, waitFor: string[], command: string[]): NodeProgram => ({
    ...{ name, waitFor, command },
    log: join(log, `${name}.log`),
  })
  return {
    name: node.name,
    disk,
    keep,
    resolvConf: join(etc, 'resolv.conf'),
    sysctls: {
      'net/ipv4/ip_forward': '1',
      'net/ipv4/conf/all/rp_filter': '0',
      // A Service without endpoints is refused by ICMP, of which the kernel sends one a second: others would hang until then.
      'net/ipv4/icmp_ratelimit': '0',
    },
    network: nodeNetwork(plan, node),
    firewall: nodeFirewall(plan),
    env: { ...inputs.proxy, ...nodeEnvironment(paths, tools) },
    programs: [
      program('containerd', [], [tools.containerd, '-c', join(etc, 'containerd.toml')]),
      {
        ...program(
          'pause-image',
          [containerd],
          [tools.ctr, '-n', 'k8s.io', 'images', 'import', pauseArchive],
        ),
        once: true,
      },
      program(
        'kube-proxy',
        [apiServer],
        [...programs.components['kube-proxy'], `--config=${join(etc, 'kube-proxy.json')}`],
      ),
      program(
        'kubelet',
        [containerd, apiServer],
        [
          ...programs.components.kubelet,
          `--config=${join(etc, 'kubelet.json')}`,
          `--kubeconfig=${join(etc, 'kubelet.kubeconfig')}`,
          `--hostname-override=${node.name}`,
          `--node-ip=${node.address}`,
          '--root-dir=/var/lib/kubelet',
          '--cert-dir=/var/lib/kubelet/pki',
        ],
      ),
    ],
  }
}

/** Commands for `ip` on the host that connect a node to its cluster; `{pid}` is the node's process 1. */
export function hostNetwork({ id }: AddressPlan, node: NodePlan): string[] {
  return [
    `link add ${node.cable} type veth peer name eth0 netns {pid}`,
    `link set ${node.cable} master ${id}`,
    `link set ${node.cable} up`,
    `route replace ${node.podCidr} via ${node.address} dev ${id}`,
  ]
}

/** Commands for `ip` in the node: pods of other nodes are behind those nodes, everything else is behind the host. */
function nodeNetwork(plan: AddressPlan, node: NodePlan): string[] {
  const commands = [
    'link set lo up',
    `addr add ${node.address}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${plan.gateway}`,
  ]
  for (let number = 1; number <= maximumNodes; number++) {
    const other = nodePlan(plan, number)
    if (other.name !== node.name) commands.push(`route add ${other.podCidr} via ${other.address}`)
  }
  return commands
}

/**
 * Drops what has the address of a Service of which the node has no rules yet, after those of kube-proxy, so that the sender tries again. It may not leave the
 * node: another server could answer it, and the kernel would remember the connection as one to that address, which no later rule leads to a pod.
 */
function nodeFirewall({ serviceCidr }: AddressPlan): string {
  const chain = (hook: string) => `  chain ${hook} {
    type filter hook ${hook} priority filter + 10;
    ip daddr ${serviceCidr} drop
  }`
  return `table ip landfall-unknown-services {\n${['forward', 'output'].map(chain).join('\n')}\n}`
}

/** The node's configuration files by name. */
export function nodeFiles(inputs: NodeInputs): Record<string, string> {
  const { plan, node, paths, tools, podsCgroup } = inputs
  const { etc } = nodePaths(paths, node.name)
  return {
    'resolv.conf': `nameserver ${plan.gateway}\n`,
    'containerd.toml': containerdConfig(etc, join(paths.run, 'registries'), tools),
    'kubelet.json': json(kubeletConfig(plan, paths, node, podsCgroup)),
    'kube-proxy.json': json({
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      mode: inputs.proxyMode,
      clientConnection: { kubeconfig: join(etc, 'kube-proxy.kubeconfig') },
      clusterCIDR: plan.podCidr,
      hostnameOverride: node.name,
      // By default rules may be a second old, and a gate can meet a pod that is gone.
      [inputs.proxyMode]: { minSyncPeriod: '100ms' },
      // The machine's own limits are left as they are.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    }),
    'cni/10-landfall.conflist': json({
      cniVersion: '0.4.0',
      name: 'landfall',
      plugins: [
        {
          type: 'ptp',
          ipam: {
            type: 'host-local',
            // Emptied by a power-off, as the pods that had the addresses are gone then.
            dataDir: '/run/cni-addresses',
            ranges: [[{ subnet: node.podCidr }]],
            routes: [{ dst: '0.0.0.0/0' }],
          },
        },
        { type: 'portmap', capabilities: { portMappings: true }, snat: true },
      ],
    }),
  }
}

function kubeletConfig(
  plan: AddressPlan,
  paths: ClusterPaths,
  node: NodePlan,
  cgroupRoot: string,
): object {
  const pki = (file: string) => join(paths.pki, file)
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: pki(`${node.name}.crt`),
    tlsPrivateKeyFile: pki(`${node.name}.key`),
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDNS: [plan.dnsAddress],
    clusterDomain: 'cluster.local',
    resolvConf: '/etc/resolv.conf',
    volumePluginDir: '/var/lib/kubelet/volumeplugins',
    cgroupDriver: 'cgroupfs',
    cgroupRoot,
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    localStorageCapacityIsolation: false,
    maxPods: 240,
    evictionHard: {
      'nodefs.available': '1%',
      'imagefs.available': '1%',
      'memory.available': '100Mi',
    },
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
    registryPullQPS: 0,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
    eventRecordQPS: 0,
    syncFrequency: '10s',
    // The lease is renewed four times in this time; the controller manager's grace period has to hold several of them.
    nodeLeaseDurationSeconds: 20,
    nodeStatusUpdateFrequency: '5s',
  }
}

function containerdConfig(etc: string, registries: string, tools: HostTools): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"'
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.opt"]

[grpc]
  address = "${containerdSocket}"

[${cri}]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  max_concurrent_downloads = 8

[${cri}.cni]
  bin_dir = "${tools.cni}"
  conf_dir = "${join(etc, 'cni')}"

[${cri}.registry]
  config_path = "${registries}"

[${cri}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[${cri}.containerd.runtimes.runc.options]
  SystemdCgroup = false
`
}

/**
 * containerd's `hosts.toml` by directory name: where images of a host are looked for, in this order. `_default` stands for all
 * other hosts, whose own server comes last by itself.
 */
export function registryHosts(
  plan: AddressPlan,
  dockerHubAnswers: boolean,
): Record<string, string> {
  const mirror = (address: string) =>
    `[host."http://${address}"]\n  capabilities = ["pull", "resolve"]\n`
  const own = mirror(plan.registry)
  const made = dockerHubAnswers ? '' : mirror(plan.packageRegistry)
  const hub = 'server = "https://registry-1.docker.io"\n'
  return {
    'docker.io': `${hub}${own}${made}`,
    _default: own,
    [plan.registry]: `server = "http://${plan.registry}"\n`,
    [plan.packageRegistry]: `server = "http://${plan.packageRegistry}"\n`,
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
