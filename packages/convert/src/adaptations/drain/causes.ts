import { type Causes, causes } from '../../plan/because.ts'

/** Why a pod serves on for a while before it stops. */
const TABLE = {
  declared: 'drain is set in landfall.yaml',
  published: '<service> is published',
  named: '<other> connects to <service>',
  ports: '<service> has ports',
} as const

export const because: Causes<typeof TABLE> = causes('drain', TABLE)
