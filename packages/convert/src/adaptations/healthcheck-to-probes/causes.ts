import { type Causes, causes } from '../../plan/because.ts'

/** Where a probe comes from. */
const TABLE = {
  healthcheck: 'healthcheck',
  image: 'HEALTHCHECK of the image',
  awaited: 'others wait until it is healthy',
} as const

export const because: Causes<typeof TABLE> = causes('healthcheck-to-probes', TABLE)
