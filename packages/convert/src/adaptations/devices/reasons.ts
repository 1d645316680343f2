import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'privileged-has-all': {
    outcome: 'kept',
    text: 'a privileged container has all devices of its node',
  },
  'device-of-node': { outcome: 'adapted', text: '<device> of the node, in a privileged container' },
  'no-device': {
    outcome: 'dropped',
    dangerous: true,
    text: 'a pod has no <device> of its node',
    hint: 'allow it in landfall.yaml: services.<service>.host.devices: true',
  },
  'device-by-name': {
    outcome: 'dropped',
    dangerous: true,
    text: 'devices by name need a device plugin in the cluster',
  },
  'privileged-may-use-all': {
    outcome: 'adapted',
    text: 'a privileged container may use all devices',
  },
  'no-device-rules': {
    outcome: 'dropped',
    dangerous: true,
    text: 'a pod may not use devices of its node',
    hint: 'allow all of them in landfall.yaml: services.<service>.host.devices: true',
  },
  'unknown-plugin': {
    outcome: 'dropped',
    dangerous: true,
    text: 'no device plugin known for <device>',
  },
  requested: { outcome: 'kept', text: 'requests <count> <resource>' },
  'any-requested': {
    outcome: 'adapted',
    text: 'requests <count> <resource>; the node chooses which',
  },
  'one-requested': {
    outcome: 'adapted',
    text: 'requests <count> <resource>',
    hint: 'a pod cannot request all devices of a node: set count',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('devices', TABLE)
