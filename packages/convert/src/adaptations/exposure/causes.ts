import { type Causes, causes } from '../../plan/because.ts'

const TABLE = {
  routed: 'landfall.yaml',
} as const

export const because: Causes<typeof TABLE> = causes('exposure', TABLE)
