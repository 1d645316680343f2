import { type Causes, causes } from '../../plan/because.ts'

const TABLE = {
  'depends-on': 'depends_on <service>: <condition>',
  restart: 'depends_on <service>: restart',
  settings: 'landfall.yaml',
} as const

export const because: Causes<typeof TABLE> = causes('gates', TABLE)
