import { type Causes, causes } from '../../plan/because.ts'

/** Why one copy of a service is right, and more are not. */
const TABLE = {
  declared: 'landfall.yaml declares it as a singleton: <why>',
  'declared-without-reason': 'landfall.yaml declares it as a singleton',
  member: '<where> names the members of its cluster one by one',
  program: '<program> does not form a cluster by itself: <why>',
  identity: 'all copies would have the same identity, <variable>',
  claim: 'only one node can mount the volume <volume>, which it fills',
  'read-claim':
    'only one node can mount the volume <volume>, and its pods are not bound to one node',
  'host-port': 'it has port <port> of its node, which one pod of a node can have',
  early: 'its names lead to its pod also while that is not ready',
} as const

export const because: Causes<typeof TABLE> = causes('copies', TABLE)
