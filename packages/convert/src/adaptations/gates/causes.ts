import { type Causes, causes } from '../../plan/because.ts'

const TABLE = {
  'depends-on': 'depends_on <service>: <condition>',
  settings: 'landfall.yaml',
} as const

export const because: Causes<typeof TABLE> = causes('gates', TABLE)
