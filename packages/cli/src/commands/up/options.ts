import type { TargetOptions } from '../../cluster/options.ts'
import type { ProjectOptions } from '../../project/options.ts'

/** What `up` is called with. */
export interface UpOptions extends ProjectOptions, TargetOptions {
  nodes?: number
  standIns?: string
  bundle?: string
  releases?: string
  registry?: string
  resetFiles?: string[]
  timeout?: number
  keep?: true
  forceConflicts?: true
  note?: string
}
