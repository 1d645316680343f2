import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'engine-socket': {
    outcome: 'dropped',
    dangerous: true,
    text: 'there is no Docker Engine on a Kubernetes node',
    hint: 'accept it if the program works without it, or allow the path of the node: services.<service>.host.paths in landfall.yaml',
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
    hint: 'accept it if the program works without it, or allow the path of the node: services.<service>.host.paths in landfall.yaml',
  },
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
