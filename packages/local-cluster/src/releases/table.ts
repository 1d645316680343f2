import { architecture } from '../host/architecture.ts'
import own from './table.json' with { type: 'json' }

/** One file of a release, for one kind of processor. */
export interface ReleaseFile {
  /** What it is: `etcd`, `kubelet`. */
  name: string
  version: string
  /** Go's word: `amd64`, `arm64`. */
  architecture: string
  url: string
  /** The checksum of the file in lowercase hex. One of the two is there, or `checksums`. */
  sha256?: string
  sha512?: string
  /** Where the release publishes the checksum (lines of `sha256sum`): for files whose checksum is not known in advance. */
  checksums?: string
  /** Of an archive: the programs that are taken out of it, by their paths in it. Without it the file is the program. */
  members?: Record<string, string>
  /** Larger files are refused. */
  limitMiB: number
}

export interface ReleaseTable {
  files: ReleaseFile[]
}

/** The programs that a cluster needs, in the order of the table. */
export const releaseNames = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'kubectl',
  'etcd',
  'coredns',
  'containerd',
  'runc',
  'cni',
  'registry',
] as const

export type ReleaseName = (typeof releaseNames)[number]

/** The releases that this version of Landfall was made for. */
export const releaseTable: ReleaseTable = own

/** The files of a table for a kind of processor, one of each name. Throws an Error that names what the table lacks. */
export function releaseFiles(
  table: ReleaseTable,
  processor: string = architecture,
): Record<ReleaseName, ReleaseFile> {
  const found = table.files.filter((file) => file.architecture === processor)
  const missing = releaseNames.filter((name) => !found.some((file) => file.name === name))
  if (missing.length > 0)
    throw new Error(`there are no releases for linux/${processor} of ${missing.join(', ')}`)
  return Object.fromEntries(found.map((file) => [file.name, file])) as Record<
    ReleaseName,
    ReleaseFile
  >
}
