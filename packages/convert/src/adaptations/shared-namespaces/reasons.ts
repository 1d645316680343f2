import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'of-node': { outcome: 'kept', text: 'that of the node, as allowed in landfall.yaml' },
  'host-network': {
    outcome: 'dropped',
    dangerous: true,
    text: 'the program would use the network of its pod, where localhost is only the pod',
    hint: 'allow it in landfall.yaml: services.<service>.host.network: true; or accept it if the program works without it',
  },
  'host-pid': {
    outcome: 'dropped',
    dangerous: true,
    text: 'the program would not see the processes of its node',
    hint: 'allow it in landfall.yaml: services.<service>.host.pid: true; or accept it if the program works without it',
  },
  'host-ipc': {
    outcome: 'dropped',
    dangerous: true,
    text: 'the program would not share memory with its node',
    hint: 'allow it in landfall.yaml: services.<service>.host.ipc: true; or accept it if the program works without it',
  },
  'never-exits': {
    outcome: 'dropped',
    dangerous: true,
    text: 'a one-shot that never exits must not see the processes of its node: all that it sees are killed when it is done',
  },
  'host-cgroup': {
    outcome: 'dropped',
    dangerous: true,
    text: 'the program would not see the cgroups of its node',
  },
  'one-network': { outcome: 'adapted', text: 'all pods of the namespace share one network' },
  'shareable-ipc': { outcome: 'adapted', text: 'services that join it run in its pod' },
  'pod-ipc': { outcome: 'kept', text: 'that of the pod' },
  'own-processes': { outcome: 'kept', text: 'its own processes' },
  'pod-hostname': { outcome: 'dropped', text: 'the hostname is that of the pod, not of the node' },
  'default-users': { outcome: 'kept', text: 'the default for pods' },
  'node-users': { outcome: 'dropped', text: 'a pod uses the users of its node' },
  'default-cgroup': { outcome: 'kept', text: 'the default for containers' },
  'joins-pod': {
    outcome: 'adapted',
    text: 'a container in the pod of <host>, whose containers share <what>',
  },
  'joins-pod-once': {
    outcome: 'adapted',
    text: 'an init container in the pod of <host>, whose containers share <what>',
  },
  'unknown-container': {
    outcome: 'dropped',
    dangerous: true,
    text: 'cannot share <what>: no service of the project has this container',
  },
  'checked-one-shot': {
    outcome: 'dropped',
    dangerous: true,
    text: 'cannot share <what>: <name> is a one-shot with a checker, which needs its own pod',
  },
  'one-shot-host': {
    outcome: 'dropped',
    dangerous: true,
    text: 'cannot share <what>: <name> is a one-shot, whose pod ends',
  },
  'other-pod': {
    outcome: 'dropped',
    dangerous: true,
    text: 'cannot share <what>: it already runs in the pod of <host>',
  },
  'replicas-of-pod': { outcome: 'adapted', text: 'as many as <host>, whose pod it shares' },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('shared-namespaces', TABLE)
