import { type Reasons, type ReasonTable, reasons } from '../../ledger/reasons.ts'

const TABLE = {
  'link-outside': {
    outcome: 'adapted',
    text: '<name> is outside of the project, where external in landfall.yaml declares it',
  },
  resolves: { outcome: 'kept', text: '<name> resolves to <service>' },
  'generated-name': { outcome: 'adapted', text: '<name> resolves to <service>' },
  renamed: {
    outcome: 'adapted',
    text: '"<written>" is not a valid Kubernetes name; renamed to "<name>", including references in other services',
  },
  'references-renamed': { outcome: 'adapted', text: 'references renamed: <changes>' },
  'owned-by-other': {
    outcome: 'dropped',
    text: 'the name <name> belongs to <service>',
    hint: 'use the name of the service',
  },
  'in-turn': { outcome: 'adapted', text: '<name> resolves to <services> in turn' },
  'other-network': {
    outcome: 'adapted',
    text: '<written> is <service> on another network: renamed to <name>, including references in services of this network',
  },
  'pod-addresses': { outcome: 'kept', text: 'names resolve to the addresses of the pods' },
  'one-address': { outcome: 'kept', text: 'names resolve to one address' },
  'assigned-address': {
    outcome: 'dropped',
    text: 'a pod has one address, assigned by the cluster',
  },
  'one-network': { outcome: 'adapted', text: 'all pods of the namespace share one network' },
  'internal-network': {
    outcome: 'dropped',
    text: 'all pods of the namespace share one network, with access to the outside',
  },
  'external-network': {
    outcome: 'adapted',
    text: 'all pods of the namespace share one network; declare services of other projects under external: in landfall.yaml',
  },
} as const satisfies ReasonTable

export const reason: Reasons<typeof TABLE> = reasons('names-to-services', TABLE)
