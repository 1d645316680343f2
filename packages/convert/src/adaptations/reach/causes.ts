import { type Causes, causes } from '../../plan/because.ts'

/** Why the names of a service lead where they do. */
const TABLE = {
  untested: 'nothing tests its health',
  'one-shot': 'it is a one-shot',
  declared: 'it is set in landfall.yaml',
  member: 'it is a member of a cluster with <members> (<where>)',
  copies: 'requests go to the copies that are ready',
  'not-early': 'no service connects to it before it is healthy',
  'start-first': 'deploy.update_config.order is start-first',
  rolling: 'rollout is rolling in landfall.yaml, so that a new pod starts next to the old one',
  'connects-early': '<service> may connect to it before it is healthy (<where>)',
  'learns-early': '<service> may learn its address from it before it is healthy (<where>)',
} as const

export const because: Causes<typeof TABLE> = causes('reach', TABLE)
