import type { Upload } from '@landfall/kube'
import type { FileFormat } from '../settings/landfall-file.ts'
import type { Because } from './because.ts'

/** One file or tree that is mounted from a ConfigMap or a Secret. */
export interface FileMount {
  /** Path in the container. */
  target: string
  from: 'bind' | 'config' | 'secret' | 'landfall'
  /** JSON Pointer of the key that declares it; absent for a file that Landfall adds. */
  pointer?: string
  /** A tree is mounted as a directory, also when it holds one file. */
  tree: boolean
  files: FileContent[]
  /** Of a tree: every directory with its mode, the root first, whose path is empty. */
  directories?: DirectoryContent[]
  /** The program writes: each pod gets a copy of its own. */
  writable?: boolean
  /** `uid:gid` of what is mounted; root if absent. */
  owner?: string
  /** Storage that is filled with the files and kept in step with them; nothing is mounted then. */
  fills?: Fill
  /** A config or secret that exists in the cluster already. */
  external?: string
  /** The content that the project names is missing, which was reported. */
  missing?: true
}

/** A tree of the project that lies in a volume. Every service that mounts a part of it has the whole tree. */
export interface Fill {
  volume: string
  /** Directory of the volume in which the paths of the files begin: `data`. */
  path: string
  /** The tree as the Compose file writes it: `./config`. */
  shown: string
  /** Too large for objects, so `files` is empty: what is copied into the volume through the API. */
  upload?: Pick<Upload, 'source' | 'files' | 'bytes' | 'digest' | 'without'>
}

export interface FileContent {
  /** Below the target; empty for a single file. */
  path: string
  bytes: Uint8Array
  mode: number
  /** Absolute path of the file that it was read from. */
  source?: string
  /** Goes into a Secret whatever its mount is. */
  secret?: boolean
  /** An init container writes values into it. */
  completed?: true
  /** Single values that landfall.yaml sets in it. */
  edits?: FileEdit[]
}

/** A value that landfall.yaml sets in a file. */
export interface FileEdit {
  /** The keys of landfall.yaml down to the file: `files`, `./config.json`. */
  at: readonly string[]
  /** Of the value in the file. */
  pointer: string
  format: FileFormat
  value: string | number | boolean
}

/** A value that is known when a pod starts: of a Secret in the cluster, or of the pod. */
export type FileValue =
  | { secret: string; key: string }
  | { pod: 'ip' | 'name' | 'node' | 'nodeAddress' }
  /** The number of the copy, and so much more. */
  | { pod: 'number'; plus?: number }

/** A directory of a tree, by its path below the target. */
export interface DirectoryContent {
  path: string
  mode: number
}

export interface VolumeMount {
  /** Key of the project's volume, or a name of our own for an anonymous one. */
  volume: string
  target: string
  readOnly: boolean
  subPath?: string
  /** The part is a file. */
  file?: true
  /** Docker would not copy the image's content: `nocopy`, read-only, a part of the volume. */
  copyContent: boolean
  /** Of a directory that begins empty, for a program that is not root. */
  prepared?: { owner: string; mode: number }
  /** No claim: lives as long as the pod (an anonymous volume). */
  ephemeral: boolean
}

export interface HostMount {
  source: string
  target: string
  readOnly: boolean
}

export interface ScratchMount {
  target: string
  memory: boolean
  readOnly?: boolean
  sizeLimit?: string
  /** Open to everybody when absent, as Docker makes a tmpfs. */
  mode?: number
  /** `uid:gid` */
  owner?: string
}

/** A named volume: one claim. */
export interface VolumePlan {
  volume: string
  claim: string
  size: string
  class?: string
  shared: boolean
  external: boolean
  /** Services that mount it, sorted. */
  mountedBy: string[]
  /** Where it lies, if not on a claim. */
  source?: VolumeSource
  /** Where the project declares it. */
  declaredAt?: string
}

export interface VolumeSource {
  nfs?: { server: string; path: string; readOnly: boolean }
  memory?: { sizeLimit?: string }
}

/** A path of the machine that services bind, with all that they bind below it, and what becomes of it. */
export interface BindPlan {
  /** As the Compose file writes it: `./config`. */
  path: string
  /** `image`: the image that is built from the project contains it, so it is not mounted. */
  as: 'storage' | 'config' | 'image' | 'host'
  because: Because
  /** The volume of storage. */
  volume?: string
  /** In the order of the services. */
  mounts: { service: string; path: string; target: string; readOnly: boolean }[]
}
