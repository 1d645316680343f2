import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'no-port': { outcome: 'ignored', text: 'names no container port' },
  'localhost-only': {
    outcome: 'adapted',
    text: 'published on localhost only: not exposed outside the cluster',
    hint: 'kubectl port-forward service/<name> <published>:<target>',
  },
  'inside-only': {
    outcome: 'adapted',
    text: 'exposed inside the cluster only, as set in landfall.yaml',
  },
  'too-many-ports': {
    outcome: 'dropped',
    dangerous: true,
    text: '<ports> are too many for a Service: reachable inside the cluster only',
    hint: 'services.<service>.host: { network: true } in landfall.yaml exposes them on the node of the pod; or publish fewer',
  },
  ingress: { outcome: 'adapted', text: '<address> of an Ingress' },
  gateway: { outcome: 'adapted', text: '<address> of the Gateway <gateway>' },
  'published-twice': {
    outcome: 'adapted',
    text: 'already exposed: another number for port <port>',
  },
  'node-network': { outcome: 'kept', text: '<ports> on the node of the pod' },
  'other-number': {
    outcome: 'adapted',
    text: '<ports> on the node of the pod, not <published>: the pod uses the network of the node',
  },
  'host-port': { outcome: 'kept', text: '<ports> on the node of the pod, one pod per node' },
  'load-balancer': { outcome: 'adapted', text: '<ports> of a load balancer' },
  'node-port': { outcome: 'kept', text: '<ports> on every node' },
  'assigned-node-port': {
    outcome: 'adapted',
    text: 'a NodePort (30000–32767) assigned by the cluster',
  },
  'assigned-node-ports': {
    outcome: 'adapted',
    text: '<ports>: NodePorts (30000–32767) assigned by the cluster',
  },
  'every-address': { outcome: 'adapted', text: 'on all addresses, not only <address>' },
  ranges: {
    outcome: 'adapted',
    text: '<count> ports; each range has one entry, at its first port',
  },
  'stops-first': {
    outcome: 'adapted',
    text: 'the old pod stops first: two pods cannot use the same port of a node',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('exposure', TABLE)
