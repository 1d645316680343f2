import { LARGEST_OBJECT, MOST_LISTED } from '../../facts/mounts/sizes.ts'
import type { FileMount } from '../../plan/plan.ts'
import { storedSize } from './content.ts'

/**
 * How the files of a mount come into a pod. `direct`: straight from the objects. `copied`: an init container copies them
 * first. `unpacked`: they lie in the objects as one compressed archive, which it unpacks.
 */
export type Delivery = 'direct' | 'copied' | 'unpacked'

export function deliveryOf(mount: FileMount): Delivery {
  if (mount.fills !== undefined || isTooMuch(mount)) return 'unpacked'
  return mount.writable === true ||
    mount.owner !== undefined ||
    emptyDirectories(mount).length > 0 ||
    mount.files.some(({ completed }) => completed)
    ? 'copied'
    : 'direct'
}

function isTooMuch({ files, from }: FileMount): boolean {
  if (files.length > MOST_LISTED || files.some(isReserved)) return true
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0)
  return (
    bytes > LARGEST_OBJECT ||
    files.reduce(
      (sum, file) => sum + storedSize(file.bytes, from === 'secret' || file.secret === true),
      0,
    ) > LARGEST_OBJECT
  )
}

/** Kubernetes keeps names that begin with two dots for itself. */
function isReserved({ path }: { path: string }): boolean {
  return path.split('/').some((name) => name.startsWith('..'))
}

/** Directories of a tree that hold no file at any depth. */
export function emptyDirectories({ files, directories = [] }: FileMount): string[] {
  const used = new Set([''])
  for (const { path } of files)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      used.add(path.slice(0, at))
  return directories.map(({ path }) => path).filter((path) => !used.has(path))
}
