import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'engine-socket': {
    outcome: 'dropped',
    dangerous: true,
    text: 'there is no Docker Engine on a Kubernetes node',
    hint: 'accept it if the program works without it; if it can use the Kubernetes API instead, allow that: services.<service>.permissions in landfall.yaml; or allow the path of the node: services.<service>.host.paths',
  },
  'engine-of-fogflow': {
    outcome: 'dropped',
    dangerous: true,
    text: 'there is no Docker Engine on a Kubernetes node',
    hint: 'FogFlow runs tasks as pods with /worker/container_management: kubernetes in config.json and services.<service>.permissions for deployments, services and pods in landfall.yaml: then accept it. examples/fogflow of Landfall has both, and a worker without a socket',
  },
  'time-zone': {
    outcome: 'dropped',
    text: 'a pod runs in UTC',
    hint: 'set the variable TZ if the program needs another time zone',
  },
  'system-path': {
    outcome: 'dropped',
    dangerous: true,
    text: '<source> belongs to the host and differs between nodes',
    many: {
      subject: '<source>',
      message: '<all>, which <service> mounts, belong to the host and differ between nodes',
    },
    hint: 'accept it if the program works without it, or allow the path of the node: services.<service>.host.paths in landfall.yaml',
  },
  'time-zone-data': {
    outcome: 'dropped',
    text: 'the time zones of the image are used instead of those of the host',
    hint: 'install tzdata in the image if it has none',
  },
  'one-time-zone': {
    outcome: 'dropped',
    text: 'a pod runs in UTC',
    hint: 'set the variable TZ: <zone>',
  },
  resolver: {
    outcome: 'dropped',
    text: 'a pod uses the DNS of the cluster, which resolves the names of the project',
    hint: 'set dns and dns_search if names of the network of the host are needed',
  },
  masked: { outcome: 'adapted', text: 'an empty file' },
  'own-device': { outcome: 'ignored', text: 'the container has a device of its own there' },
  memory: { outcome: 'adapted', text: 'a directory in memory at /dev/shm' },
  'special-file': {
    outcome: 'dropped',
    dangerous: true,
    text: '<source> is neither a file nor a directory',
  },
  'unknown-type': {
    outcome: 'dropped',
    dangerous: true,
    text: 'this type of mount is not supported',
  },
  'path-of-node': { outcome: 'adapted', text: '<source> of the node on which the pod runs' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('host-mounts', TABLE)
