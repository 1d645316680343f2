import type { Adaptation } from '../../adaptation.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { Container } from '../../objects/pod.ts'
import { gateImage } from '../gates/gate-container.ts'
import type { Reason } from '../../ledger/reasons.ts'
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

type Setting = [name: string, value: string]

function settingsOf({ compose }: ServiceConversion): Setting[] {
  return Object.entries((compose.sysctls ?? {}) as Record<string, unknown>)
    .map(([name, value]): Setting => [name, String(value ?? '')])
    .sort(([a], [b]) => (a < b ? -1 : 1))
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

/** Writes the settings before anything else of the pod starts: they belong to the pod, not to a container. */
function writer(conversion: Conversion, settings: readonly Setting[]): Container {
  const pairs = settings.flatMap(([name, value]) => [
    `/proc/sys/${name.replaceAll('/', '\0').replaceAll('.', '/').replaceAll('\0', '.')}`,
    value,
  ])
  return {
    name: 'kernel-settings',
    image: gateImage(conversion),
    imagePullPolicy: 'IfNotPresent',
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
  title: 'Set kernel settings for a pod',
  plan({ services }) {
    for (const service of services)
      for (const [name] of settingsOf(service))
        service.note(['sysctls', name], reasonOf(service, name))
  },
  build({ workloads }, conversion) {
    for (const { from, pod } of workloads) {
      const settings = settingsOf(from)
      const safe = settings.filter(([name]) => isSafe(from, name))
      const written = settings.filter(([name]) => isWritten(from, name))
      if (safe.length > 0)
        pod.spec.securityContext = {
          ...pod.spec.securityContext,
          sysctls: safe.map(([name, value]) => ({ name, value })),
        }
      if (written.length > 0)
        pod.spec.initContainers = [writer(conversion, written), ...(pod.spec.initContainers ?? [])]
    }
  },
} satisfies Adaptation
