import type { Diagnostic, Origins, Sources } from '@landfall/diagnostic'
import type { Project } from './project.ts'

/** The file system as the loader sees it: absolute POSIX paths, nothing thrown, links followed. */
export interface FileSystem {
  /** undefined: there is no such file, it is not a regular file, or it has more than `limit` bytes (64 MiB if omitted). */
  read(path: string, limit?: number): Uint8Array | undefined
  /** undefined: nothing there. Size in bytes, `modified` in milliseconds since 1970; `what` names what is `other`: "a FIFO". */
  stat(path: string):
    | {
        kind: 'file' | 'directory' | 'other'
        size: number
        mode: number
        what?: string
        modified?: number
      }
    | undefined
  /** The SHA-256 of a regular file of any size, in hexadecimal; undefined as for `read`. If omitted, files are read for it. */
  digest?(path: string): string | undefined
  /** Names in a directory, sorted; undefined: not a directory. */
  list(path: string): string[] | undefined
  /**
   * What a FIFO or a device holds up to its end; undefined: it cannot be read, has more than `limit` bytes, or does not end in
   * time. The same bytes at each call. Without such files, left out.
   */
  readStream?(path: string, limit: number): Uint8Array | undefined
  /** A path without symbolic links; undefined: nothing is there. Without links, left out. */
  realPath?(path: string): string | undefined
  /** Where a path leads that is outside of the project and is not read; undefined: it is read. If omitted, everything is. */
  outside?(path: string): string | undefined
  /** Where a symbolic link leads in the end; undefined: the path itself is none. Without links, left out. */
  linkTarget?(path: string): string | undefined
}

/** What the user has named, and with it trusts; absolute paths. */
export interface Trusted {
  /** Where `landfall.yaml` is. */
  readonly projectDirectory: string
  /** The project directory, unless an env file moved it, and the directories of the Compose files that the user named. */
  readonly directories: readonly string[]
  /** The Compose files and env files that the user named. */
  readonly files: readonly string[]
}

/** Which files belong to a project. */
export interface Boundary {
  /** Where a path leads, if that does not belong to the project; undefined: it does, or nothing is there. */
  outside(path: string): string | undefined
  /** Such a path as `accept` in landfall.yaml takes it. */
  acceptAs(target: string): string
  /** What is outside is not read; if not, it is read, and never quoted. */
  readonly refuses: boolean
}

/** What `docker compose` takes from its command line and surroundings. */
export interface LoadInput {
  files: FileSystem
  /** Absolute; where Docker Compose would be started. */
  workingDirectory: string
  /** Absolute; where the names of files are shown from: the working directory if omitted. */
  shownFrom?: string
  environment: Readonly<Record<string, string>>
  /** `-f`; empty: discovery from the working directory upwards. `-` is the standard input. */
  configFiles?: readonly string[]
  /** A further Compose file, absolute, which is merged after those that were named or found; there need not be any then. */
  addition?: string
  /** Which files belong to the project, by what the user has named; all if omitted. */
  boundary?: (trusted: Trusted) => Boundary
  /** The text of the standard input, where a file `-` can be meant. */
  stdin?: string
  /** `--project-directory` */
  projectDirectory?: string
  /** `-p` */
  projectName?: string
  /** `--profile` */
  profiles?: readonly string[]
  /** `--env-file` */
  envFiles?: readonly string[]
}

export interface LoadResult {
  /** Absent when an error left nothing that could be read on. */
  project?: Project
  /** Absolute directory that relative paths of the project start from. */
  projectDirectory: string
  /** Absolute directory of the first Compose file; the project directory where that is the standard input. */
  filesDirectory: string
  /** Absolute directory that the names of files in origins and diagnostics start from, where they are not absolute. */
  shownFrom: string
  /** What the user has named. */
  trusted: Trusted
  /** The process's environment and, where it is silent, the .env files: what variables were taken from. */
  environment: Readonly<Record<string, string>>
  origins: Origins
  /** Profiles that would enable more services, sorted. */
  profiles: readonly string[]
  /** Services that no active profile enables; they are not in the project. */
  inactiveServices: readonly string[]
  diagnostics: readonly Diagnostic[]
  /** The text of every file that was read, by the name that spans carry (relative to `shownFrom` where it lies below). */
  sources: Sources
}
