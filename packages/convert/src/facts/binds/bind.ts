import type { ServiceConversion } from '../../conversion.ts'
import type { Because } from '../../plan/because.ts'
import type { ServiceMount } from '../mounts/mounts-of.ts'

/** A mount of a directory or a file of the machine that runs Docker, also through a named volume with `o: bind`. */
export interface Bind {
  service: ServiceConversion
  mounted: ServiceMount
  /** Absolute path on that machine, without a slash at its end. */
  source: string
  target: string
  /** The container may write. */
  written: boolean
  /** The source as a Compose file would write it: `./config`, `../shared`, `~/data`, `/mnt/media`. */
  shown: string
  /** The files at the source go with the project from machine to machine. */
  inProject: boolean
  /** The named volume that stands for it. */
  volume?: string
  /** No mount of the Compose file: the part of a larger bind that others share, where the image has the rest. */
  isPart?: true
}

/**
 * What becomes of a tree. `storage`: a claim, of which each mount is a part. `config`: read-only, or a private copy for
 * the writer. `image`: the image that is built from it has it already. `host`: it belongs to the machine.
 */
export type BindKind = 'storage' | 'config' | 'image' | 'host'

/** Overlapping paths that services bind, and what becomes of all of them. */
export interface BindTree {
  /** The topmost path. */
  root: string
  /** As a Compose file would write it: `.`, `./config`, `/mnt/media`. */
  shown: string
  /** Of the project: its content goes with the project from machine to machine. */
  inProject: boolean
  /** The root is a file. */
  isFile: boolean
  binds: readonly Bind[]
  kind: BindKind
  because: Because
  /** The evidence is thin. */
  unsure: boolean
  /** More than objects hold: it is copied into its claim through the API. */
  tooLarge?: true
  /** Its name among the volumes of the project, if it is storage. */
  volume: string
}

/** What one mount of a bind becomes. */
export interface BoundMount {
  bind: Bind
  tree: BindTree
}
