import { type Causes, causes } from '../../plan/because.ts'

const TABLE = {
  shares: 'it shares <what> of another container',
} as const

export const because: Causes<typeof TABLE> = causes('shared-namespaces', TABLE)
