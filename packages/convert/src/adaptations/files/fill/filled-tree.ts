import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { basename, join } from 'node:path/posix'
import { printEntries, type TarEntry } from '@landfall/kube'
import type { FileMount, Fill } from '../../../plan/plan.ts'

/** What the archive of a filled tree holds: the list of its files and directories as `list`, and the files below `tree`. */
export function filledTree(
  { files, directories = [], owner }: FileMount,
  { path: root, shown }: Fill,
): TarEntry[] {
  const rights = owner === undefined ? {} : { owner }
  const inClaim = (path: string): string => join(root, path)
  const placed = files.map((file) => ({ ...file, path: inClaim(file.path || basename(shown)) }))
  const list = printEntries([
    ...directories.map(({ path, mode }) => ({ path: inClaim(path), mode, ...rights })),
    ...placed.map(({ path, mode, bytes }) => ({
      path,
      mode,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...rights,
    })),
  ])
  return [
    { path: 'list', mode: 0o644, bytes: Buffer.from(list) },
    ...placed.map(({ path, mode, bytes }) => ({ path: `tree/${path}`, mode, bytes })),
  ]
}
