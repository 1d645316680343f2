import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { containersOf } from '../../objects/bundle-draft.ts'
import type { Container } from '../../objects/pod.ts'
import type { KernelSetting } from '../../plan/plan.ts'
import { reason } from './reasons.ts'

/**
 * What every node allows, as of Kubernetes 1.29.
 * https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/#safe-and-unsafe-sysctls
 */
const SAFE: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
])

/** Settings that a pod has of its own; others are those of the node, and Docker refuses them as well. */
const OF_THE_POD = /^(net\.|kernel\.(msg|sem|shm)|fs\.mqueue\.)/

function settingsOf({ compose }: ServiceConversion): KernelSetting[] {
  return Object.entries((compose.sysctls ?? {}) as Record<string, unknown>)
    .map(([name, value]) => ({ name, value: String(value ?? '') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function isSafe(service: ServiceConversion, name: string): boolean {
  const ofTheNode = service.compose.network_mode === 'host' && name.startsWith('net.')
  return SAFE.has(name) && !ofTheNode
}

/** A privileged container may write any setting of its pod; where the project has none, landfall.yaml may allow one. */
function mayWrite({ compose, settings }: ServiceConversion): boolean {
  return (
    (compose.privileged === true || settings.host?.sysctls === true) &&
    compose.network_mode !== 'host'
  )
}

function isWritten(service: ServiceConversion, name: string): boolean {
  return !isSafe(service, name) && mayWrite(service) && OF_THE_POD.test(name)
}

function reasonOf(service: ServiceConversion, name: string): Reason {
  if (isSafe(service, name)) return reason('pod-sysctl')
  if (isWritten(service, name)) return reason('init-container')
  return OF_THE_POD.test(name)
    ? reason('unsafe', { service: service.service })
    : reason('node-sysctl')
}

/** Writes the settings before anything else of the pod runs: they belong to the pod, not to a container. */
function writer(settings: readonly KernelSetting[]): Omit<Container, 'name' | 'image'> {
  const pairs = settings.flatMap(({ name, value }) => [
    `/proc/sys/${name.replaceAll('/', '\0').replaceAll('.', '/').replaceAll('\0', '.')}`,
    value,
  ])
  return {
    command: [
      'sh',
      '-ec',
      'while [ $# -gt 0 ]; do echo "$2" > "$1"; shift 2; done',
      'set',
      ...pairs,
    ],
    resources: { requests: { cpu: '5m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: { runAsUser: 0, privileged: true },
  }
}

export default {
  id: 'sysctls',
  reasons: reason,
  title: 'Set sysctls of a pod',
  plan({ services }) {
    for (const service of services) {
      const settings = settingsOf(service)
      for (const { name } of settings) service.note(['sysctls', name], reasonOf(service, name))
      const { needs } = service.plan
      needs.sysctls = settings.filter(({ name }) => isSafe(service, name))
      needs.writtenSysctls = settings.filter(({ name }) => isWritten(service, name))
    }
  },
  part({ needs }, { images }) {
    if (needs.writtenSysctls.length === 0) return {}
    return {
      containers: [{ phase: 'settings', name: 'kernel-settings', image: images.gate, mounts: [] }],
    }
  },
  build(draft) {
    for (const { plan, pod } of draft.workloads) {
      const { sysctls, node } = plan.needs
      const allowed = sysctls
        // The API takes no setting of the network of the node.
        .filter(({ name }) => node.network !== true || !name.startsWith('net.'))
        .map(({ name, value }) => ({ name, value }))
      if (allowed.length > 0)
        pod.spec.securityContext = { ...pod.spec.securityContext, sysctls: allowed }
    }
    for (const { service, container } of containersOf(draft, 'settings'))
      Object.assign(container, writer(service.needs.writtenSysctls))
  },
} satisfies Adaptation
