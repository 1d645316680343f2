import { type Causes, causes } from '../../plan/because.ts'

/** Why a service has its kind of workload. */
const TABLE = {
  declared: 'it is declared as a one-shot in landfall.yaml',
  'declared-long-running': 'it is declared as long-running in landfall.yaml',
  awaited: '<services> waits for its completion',
  'awaited-by-several': '<services> wait for its completion',
  'deploy-mode': 'deploy.mode is <mode>',
  signs: '<signs>',
  number: 'each copy has a number of its own',
  'keeps-running': 'it keeps running',
} as const

export const because: Causes<typeof TABLE> = causes('workload-kind', TABLE)
