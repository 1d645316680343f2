import type { TargetOptions } from '../../cluster/options.ts'
import type { ProjectOptions } from '../../project/options.ts'
import type { SitesOptions } from '../../sites/options.ts'

/** What `up` is called with. */
export interface UpOptions extends ProjectOptions, TargetOptions, SitesOptions {
  nodes?: number
  standIns?: string
  /** A directory or a file with manifests, or a chart, in the place of a project. */
  bundle?: string
  /** A file with the binaries of a local cluster. */
  clusterBundle?: string
  releases?: string
  registry?: string
  resetFiles?: string[]
  timeout?: number
  keep?: true
  forceConflicts?: true
  note?: string
}
