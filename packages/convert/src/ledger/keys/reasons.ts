import { type Reasons, type ReasonTable, reasons } from '../reasons.ts'

/** Of keys whose value is used unchanged. */
const KEPT = {
  'release-name': { outcome: 'kept', text: 'the name of the release' },
} as const satisfies ReasonTable

/** Of keys that mean nothing on Kubernetes. */
const IGNORED = {
  extension: { outcome: 'ignored', text: 'an extension for other tools' },
  empty: { outcome: 'ignored', text: 'empty' },
  provider: { outcome: 'ignored', text: 'no container: a provider runs the service' },
  'compose-output': { outcome: 'ignored', text: 'only affects what `docker compose up` prints' },
  'cgroup-parent': { outcome: 'ignored', text: 'the kubelet chooses the parent cgroup' },
  'compose-watch': { outcome: 'ignored', text: 'for `docker compose watch`' },
  windows: { outcome: 'ignored', text: 'for Windows containers' },
  logging: {
    outcome: 'ignored',
    text: 'the kubelet stores and rotates logs; the cluster collects them',
  },
  'not-enabled': {
    outcome: 'ignored',
    text: 'not deployed: landfall.yaml does not enable it',
  },
  profiles: { outcome: 'ignored', text: 'already applied: it selects the services' },
  'pull-refresh': { outcome: 'ignored', text: 'the kubelet pulls when a pod starts' },
} as const satisfies ReasonTable

/** Of keys that Kubernetes, or the conversion, cannot honour. */
const LOST = {
  'unknown-key': { outcome: 'dropped', dangerous: true, text: 'not supported' },
  models: {
    outcome: 'refused',
    dangerous: true,
    text: 'models are run by Docker itself',
    hint: 'run the model as a service, and give its address to the program',
  },
  'block-io': { outcome: 'dropped', text: 'Kubernetes has no block device limits' },
  'windows-cpu': {
    outcome: 'dropped',
    text: 'for Windows containers',
    hint: 'use cpus, or resources in landfall.yaml',
  },
  'windows-credentials': {
    outcome: 'dropped',
    dangerous: true,
    text: 'for Windows containers',
  },
  'real-time': { outcome: 'dropped', text: 'Kubernetes has no real-time scheduling' },
  'cpu-shares': {
    outcome: 'dropped',
    text: 'CPU shares are relative to other containers on the same host, which differ on a Kubernetes node',
    hint: 'request CPU under resources in landfall.yaml',
  },
  cpuset: {
    outcome: 'dropped',
    text: 'the kubelet assigns CPUs',
    hint: 'request whole CPUs, on nodes with the static CPU manager policy',
  },
  domainname: {
    outcome: 'dropped',
    text: 'a pod is in the DNS domain of its namespace',
    hint: 'add the full name as a network alias if other services use it',
  },
  'mac-address': { outcome: 'dropped', text: 'the cluster assigns addresses' },
  swappiness: { outcome: 'dropped', text: 'swap is configured on the node' },
  'oom-kill': { outcome: 'dropped', text: 'a container that exceeds its memory limit is killed' },
  'oom-score': {
    outcome: 'dropped',
    text: 'the kubelet derives it from the resource requests',
    hint: 'request as much memory as the limit: such pods are killed last',
  },
  pids: { outcome: 'dropped', text: 'the kubelet sets one limit for all pods of a node' },
  provider: {
    outcome: 'refused',
    dangerous: true,
    text: 'run by a program on the host that Compose starts',
    hint: 'make what it provides a service, or declare it under external in landfall.yaml',
  },
  ulimits: {
    outcome: 'dropped',
    text: 'a container gets the limits of the container runtime of its node, usually high ones',
    hint: 'set them in the containerd configuration, or lower them in the command: ulimit -n 1024',
  },
  'engine-socket': {
    outcome: 'dropped',
    dangerous: true,
    text: 'there is no Docker Engine on a Kubernetes node',
  },
  'generic-resources': {
    outcome: 'dropped',
    text: 'Docker Compose ignores it, and Kubernetes names resources differently',
  },
  'rollback-config': {
    outcome: 'dropped',
    text: '`landfall up` goes back to the last revision that was ready when an update fails',
    hint: '`landfall up --keep` leaves a failed update in place',
  },
} as const satisfies ReasonTable

export const asItIs: Reasons<typeof KEPT> = reasons('as-it-is', KEPT)
export const noMeaning: Reasons<typeof IGNORED> = reasons('no-meaning', IGNORED)
export const notConverted: Reasons<typeof LOST> = reasons('not-converted', LOST)
