import type { ServiceConversion } from '../conversion.ts'
import { isEngineSocket } from '../facts/binds/system-paths.ts'

/** Something of its node that a container has and an ordinary one has not. */
export interface Power {
  /** As the project writes it: `cap_add: SYS_ADMIN`. */
  text: string
  /** Where it is declared, below the service. */
  keys: readonly (string | number)[]
  /** Whether a program with it can take over the node. */
  full: boolean
  /** The Pod Security Standard `baseline` does not forbid it: ordinary pods have it. */
  ordinary?: true
}

/**
 * Capabilities with which a process can leave its container, or read and change everything on its node.
 * https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
const FULL: ReadonlySet<string> = new Set([
  'ALL',
  'DAC_READ_SEARCH',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_RAWIO',
])

/**
 * The other capabilities that a container does not have by default, by Docker and by container runtimes of Kubernetes.
 * https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
 */
const MORE: ReadonlySet<string> = new Set([
  'AUDIT_CONTROL',
  'AUDIT_READ',
  'BLOCK_SUSPEND',
  'BPF',
  'CHECKPOINT_RESTORE',
  'IPC_LOCK',
  'IPC_OWNER',
  'LEASE',
  'LINUX_IMMUTABLE',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'NET_ADMIN',
  'NET_BROADCAST',
  'PERFMON',
  'SYSLOG',
  'SYS_BOOT',
  'SYS_NICE',
  'SYS_PACCT',
  'SYS_PTRACE',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'WAKE_ALARM',
])

/** Paths of a node whose content decides what runs there, or holds its keys. */
const FULL_PATHS =
  /^\/($|(boot|dev|etc|home|proc|root|run|sys|usr|var)$|(boot|etc|root|usr)\/|dev\/(disk|mem|sd|nvme|vd|kvm|loop)|proc\/|sys\/(fs|kernel)(\/|$)|var\/(lib|run|spool)$|var\/lib\/(docker|containerd|containers|etcd|kubelet|rancher)(\/|$))/

/**
 * What the container of a service has of its node after conversion, in the order in which it is printed; what is dropped is
 * not in it.
 */
export function powersOf(service: ServiceConversion): Power[] {
  return [...ofRights(service), ...ofNode(service), ...ofPaths(service)]
}

function ofRights({ compose, plan: { rights } }: ServiceConversion): Power[] {
  if (rights.privileged === true)
    return compose.privileged === true
      ? [{ text: 'privileged', keys: ['privileged'], full: true }]
      : [{ text: 'privileged for its devices', keys: devicesOf(compose), full: true }]
  const options: Power[] = []
  const option = (text: string): void => {
    options.push({ text, keys: ['security_opt'], full: false })
  }
  if (rights.seccompProfile?.type === 'Unconfined') option('seccomp unconfined')
  if (rights.appArmorProfile?.type === 'Unconfined') option('apparmor unconfined')
  if (rights.seLinuxOptions?.type === 'spc_t') option('label disable')
  return [...capabilitiesOf(rights.capabilities), ...options]
}

function devicesOf({ devices }: ServiceConversion['compose']): string[] {
  return [devices === undefined ? 'device_cgroup_rules' : 'devices']
}

/** Those that are powerful: several in one entry. */
function capabilitiesOf(
  capabilities: ServiceConversion['plan']['rights']['capabilities'] = {},
): Power[] {
  const { add = [], drop = [] } = capabilities
  const powerful = add.filter((name) => (FULL.has(name) || MORE.has(name)) && !drop.includes(name))
  const full = powerful.some((name) => FULL.has(name))
  return powerful.length === 0
    ? []
    : [{ text: `cap_add ${[...new Set(powerful)].join(' ')}`, keys: ['cap_add'], full }]
}

function ofNode({ compose, plan: { needs } }: ServiceConversion): Power[] {
  const { network, processes, memory } = needs.node
  return [
    ...(processes ? [{ text: 'pid host', keys: ['pid'], full: true }] : []),
    ...(network ? [{ text: 'network_mode host', keys: ['network_mode'], full: false }] : []),
    ...(memory ? [{ text: 'ipc host', keys: ['ipc'], full: false }] : []),
    ...(compose.userns_mode === 'host'
      ? [{ text: 'userns_mode host', keys: ['userns_mode'], full: false, ordinary: true } as const]
      : []),
  ]
}

function ofPaths({ plan: { hostPaths } }: ServiceConversion): Power[] {
  return hostPaths.flatMap(({ source, readOnly }) => {
    const socket = isEngineSocket(source)
    if (!socket && !FULL_PATHS.test(source)) return []
    const text = `${source} of the node${readOnly ? ' (read-only)' : ''}`
    return [{ text, keys: ['volumes'], full: socket || !readOnly }]
  })
}
