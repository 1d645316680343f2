import type { Project } from '@landfall/compose'
import type { Cluster } from './cluster.ts'

/** One thing that the project asks for, and whether the objects still have it. */
export interface Answer {
  /** JSON Pointer into the canonical project. */
  at: string
  /** What is lost, as one sentence; absent where it is kept. */
  missing?: string
  /** Paths, as the Compose file writes them, by which a finding can name what is lost. */
  names?: readonly string[]
}

/** A project beside the objects that were made of it. */
export interface Converted {
  project: Project
  /** Absolute; relative paths of the project start here. */
  directory: string
  cluster: Cluster
  /** The bytes of a file of the project, or of a file below a folder; undefined where there is none. */
  readFile(path: string): Uint8Array | undefined
  /** Files below a folder of the project, relative to it; undefined where it is no folder. */
  listFolder(path: string): string[] | undefined
  /** Permission bits of a file. */
  modeOf(path: string): number | undefined
  /** A path with all links followed; the path itself where there is nothing. */
  realPath(path: string): string
  /** Value of a variable where the project is converted. */
  environment: Readonly<Record<string, string>>
}

/** One line of the list: something that real projects rely on, and how often it is kept. */
export interface Question {
  title: string
  /** What is missing is lost data: an entry in the ledger is not enough, a diagnostic has to name it. */
  losesData?: true
  ask(converted: Converted): Answer[]
}

/** An answer that is kept when nothing is missing. */
export function answer(at: string, missing: string | undefined): Answer {
  return missing === undefined ? { at } : { at, missing }
}
