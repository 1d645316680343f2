import { type Causes, causes } from '../../plan/because.ts'

/** Why the pods of a service are replaced as they are. */
const TABLE = {
  'declared-rolling': 'rollout is rolling in landfall.yaml',
  'declared-recreate': 'rollout is recreate in landfall.yaml',
  'update-config': 'deploy.update_config declares it',
  claim: 'two pods must not write the volume <volume> at once',
  'host-path': 'two pods must not write <path> of a node at once',
  'host-port': 'a port of a node belongs to one pod at a time',
  member: 'the other members of its cluster know it by its name',
  'unready-pods': 'its names also lead to pods that are not ready',
  hostname: 'hostname <name> may identify it to others, and two pods would have it',
  identity: '<variable> identifies it, and two pods would have it',
  device: '<device> of a node is used by one pod at a time',
  singleton: 'landfall.yaml declares it as a singleton',
  schedule: '<program> works by the clock, and two pods would do it twice',
  store: 'clients of <service> would find two pods with different contents',
  number: 'a number belongs to one pod at a time',
  copies: 'it has several pods in any case',
  safe: 'nothing shows that two pods disturb each other',
  'each-node': 'nothing shows that two pods on one node disturb each other',
  'node-alone': 'it uses its node, which has one pod of it at a time',
} as const

export const because: Causes<typeof TABLE> = causes('rollout', TABLE)
