import type { ImageBuild } from '@landfall/kube'

export type { ImageBuild }

/** How a build ended. What a Dockerfile gets wrong is data, not an exception. */
export type BuildOutcome = BuildSuccess | BuildFailure

export interface BuildSuccess {
  ok: true
  image: string
  /** `sha256:…` of the manifest in the registry. */
  digest: string
  /** Nothing that goes into it changed since it was built. */
  cached: boolean
}

export interface BuildFailure {
  ok: false
  image: string
  /** One sentence: what failed. */
  message: string
  /** Absolute path; the folder's name and `(inline)` when the Compose file holds the text. */
  dockerfile: string
  /** Of the instruction that failed, from 1. */
  line?: number
  /** The end of the builder's output. */
  output: readonly string[]
}
