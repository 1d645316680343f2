import type { LedgerEntry } from './ledger.ts'

type Claim = Omit<LedgerEntry, 'path' | 'at' | 'accepted'>

function ignored(reason: string): Claim {
  return { code: 'no-meaning', outcome: 'ignored', reason }
}

function dropped(reason: string, hint?: string): Claim {
  return {
    code: 'not-converted',
    outcome: 'dropped',
    reason,
    ...(hint === undefined ? {} : { hint }),
  }
}

/** The program would behave otherwise than under Compose. */
function dangerous(reason: string, hint = 'accept it if the program works without'): Claim {
  return { ...dropped(reason, hint), dangerous: true }
}

/** What becomes of the keys of a service that no adaptation handles. */
const SERVICE_KEYS: Readonly<Record<string, Claim | 'children'>> = {
  annotations: dropped('annotations are not converted yet'),
  attach: ignored('says what `docker compose up` prints'),
  blkio_config: dropped('a pod has no block device limits'),
  cgroup: dangerous('a pod cannot choose its cgroup namespace'),
  cgroup_parent: ignored('the kubelet chooses the parent'),
  cpu_count: dropped('use cpus, or resources in landfall.yaml'),
  cpu_percent: dropped('use cpus, or resources in landfall.yaml'),
  cpu_period: dropped('use cpus, or resources in landfall.yaml'),
  cpu_quota: dropped('use cpus, or resources in landfall.yaml'),
  cpu_rt_period: dropped('a pod has no real-time scheduling'),
  cpu_rt_runtime: dropped('a pod has no real-time scheduling'),
  cpu_shares: dropped('shares are given by what a container requests'),
  cpuset: dropped('the kubelet chooses processors'),
  credential_spec: dangerous('is for Windows containers'),
  deploy: 'children',
  develop: ignored('is for `docker compose watch`'),
  device_cgroup_rules: dangerous('a pod cannot reach devices this way'),
  devices: dangerous('a pod reaches devices through a device plugin only'),
  dns_opt: dropped('resolver options are not converted yet'),
  domainname: dropped('a pod is in the domain of its namespace'),
  external_links: dangerous('containers of other projects are not in the namespace'),
  gpus: dangerous('graphics processors are not converted yet'),
  group_add: dropped('additional groups by name are not converted yet'),
  healthcheck: dropped('is not converted'),
  init: dropped('the program is process 1 of its container and reaps its own children'),
  ipc: dangerous('shared memory with other containers is not converted yet'),
  isolation: dropped('is for Windows containers'),
  label_file: ignored('labels are for programs that ask the Docker engine'),
  labels: ignored('labels are for programs that ask the Docker engine'),
  links: dropped('names a service that is not there'),
  logging: ignored('the cluster collects what programs print'),
  mac_address: dropped('the cluster chooses addresses'),
  mem_swappiness: dropped('the node decides about swap'),
  memswap_limit: dropped('the node decides about swap'),
  models: { ...dangerous('models are a feature of Docker Desktop'), outcome: 'refused' },
  network_mode: dangerous(
    'sharing another network than that of the namespace is not converted yet',
  ),
  oom_kill_disable: dropped('the kubelet decides'),
  oom_score_adj: dropped('the kubelet decides'),
  pid: dangerous('seeing the processes of others is not converted yet'),
  pids_limit: dropped('the kubelet sets it for a node'),
  platform: dropped(
    'pods run on the nodes that there are',
    'build the image for the platform of the nodes',
  ),
  post_start: dangerous('hooks are not converted yet'),
  pre_stop: dangerous('hooks are not converted yet'),
  profiles: ignored('has chosen the services already'),
  provider: {
    ...dangerous('is run by a program of its own, outside Kubernetes'),
    outcome: 'refused',
  },
  pull_refresh_after: ignored('the kubelet pulls when a pod starts'),
  runtime: dropped('a RuntimeClass has to be chosen by whoever runs the cluster'),
  security_opt: dropped('security profiles are not converted yet'),
  stop_signal: dropped(
    'a container is stopped with the signal of its image',
    'set STOPSIGNAL in the image',
  ),
  storage_opt: dropped('the size of the container layer is not limited'),
  sysctls: dangerous('kernel settings are not converted yet'),
  ulimits: dropped('a pod has the limits that the container runtime gives it'),
  use_api_socket: dangerous('there is no Docker engine to talk to on a Kubernetes node'),
  userns_mode: dropped('user namespaces are not converted yet'),
  uts: dangerous('sharing the host name of the machine is not converted yet'),
  volumes_from: dangerous('volumes of another service are not converted yet', 'name the volumes'),
}

const DEPLOY_KEYS: Readonly<Record<string, Claim | 'children'>> = {
  endpoint_mode: ignored('names resolve to one address by Service'),
  labels: ignored('labels are for programs that ask the Docker engine'),
  placement: dropped('placement is not converted yet'),
  resources: 'children',
  restart_policy: dropped('is not converted yet'),
  rollback_config: ignored('`landfall rollback` and Deployments have their own way back'),
  update_config: dropped('is not converted yet; new pods start before old ones end'),
}

/** What becomes of a key at a path of the project, its children each on their own, or nothing to tell. */
export function claimOf(path: readonly string[], value: unknown): Claim | 'children' | undefined {
  const [family, , key = '', child] = path
  if (path.at(-1)?.startsWith('x-') === true) return ignored('an extension of other tools')
  if (path.length === 1) return { code: 'names', outcome: 'kept', reason: 'names the release' }
  const claim = inTable(family, key, child)
  const empty =
    value === null ||
    value === false ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  if (empty) return ignored('says nothing')
  if (claim === 'children' && typeof value !== 'object') return dropped('is not converted yet')
  return claim ?? dangerous('is not converted yet')
}

function inTable(family: string | undefined, key: string, child: string | undefined) {
  if (family !== 'services') return dropped('is not converted yet')
  return key === 'deploy' && child !== undefined ? DEPLOY_KEYS[child] : SERVICE_KEYS[key]
}
