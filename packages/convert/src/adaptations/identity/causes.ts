import { type Causes, causes } from '../../plan/because.ts'

/** Why the copies of a service have numbers. */
const TABLE = {
  declared: 'landfall.yaml gives each copy a number',
  slot: 'the Compose file gives each copy its slot',
} as const

export const because: Causes<typeof TABLE> = causes('identity', TABLE)
