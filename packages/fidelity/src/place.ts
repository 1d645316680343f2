import { posix } from 'node:path'
import type { Program } from './cluster.ts'
import { clean } from './docker/mounts.ts'

/** Where a path of a container is in the cluster. */
export interface Place {
  /** `objects`: ConfigMaps and Secrets. `pod`: an emptyDir, which ends with the pod. */
  kind: 'claim' | 'host' | 'nfs' | 'objects' | 'pod'
  /** What two paths of two pods have in common if they are one path; of an emptyDir, the pod and its volume. */
  of: string
  /** Path below that. */
  path: string
  readOnly: boolean
  /** The emptyDir is filled from objects before the program starts. */
  copied: boolean
}

/** Undefined where nothing is mounted. */
export function placeAt(program: Program, path: string): Place | undefined {
  const found = program.files.mountAt(path)
  if (found === undefined) return undefined
  const { mount, volume } = found
  const below = posix.relative(clean(mount.mountPath), clean(path))
  const inVolume = clean(posix.join('/', mount.subPath ?? '', below))
  const base = { path: inVolume, readOnly: mount.readOnly === true, copied: false }
  const { persistentVolumeClaim, hostPath, nfs, emptyDir } = volume
  if (persistentVolumeClaim !== undefined)
    return { ...base, kind: 'claim', of: persistentVolumeClaim.claimName }
  if (hostPath !== undefined)
    return { ...base, kind: 'host', of: 'host', path: clean(posix.join(hostPath.path, inVolume)) }
  if (nfs !== undefined) return { ...base, kind: 'nfs', of: `${nfs.server}:${nfs.path}` }
  const { kind, metadata } = program.workload
  const own = `${kind}/${metadata.name} ${volume.name}`
  return emptyDir === undefined
    ? { ...base, kind: 'objects', of: own, readOnly: true }
    : { ...base, kind: 'pod', of: own, copied: program.files.isFilled(path) }
}

/** Whether two places are one. */
export function isSame(a: Place, b: Place): boolean {
  return a.kind === b.kind && a.of === b.of && a.path === b.path
}

/** A place as a person names it. */
export function told(place: Place | undefined): string {
  if (place === undefined) return 'the container alone'
  const { kind, of, path } = place
  return kind === 'pod'
    ? 'an emptyDir'
    : kind === 'objects'
      ? 'ConfigMaps'
      : kind === 'host'
        ? `the host's ${path}`
        : `${kind} ${of}${path === '/' ? '' : path}`
}
