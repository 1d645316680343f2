import type { FileSystem } from '@landfall/compose'
import type { DirectoryContent, FileContent } from '../../plan/plan.ts'

/** Deeper than this a tree is a link to itself. */
const DEEPEST = 40

/** What a bind mount shows of the project: the files, and the directories with the root first, both sorted by path. */
export interface Tree {
  /** None where the tree is too large. */
  files: FileContent[]
  directories: DirectoryContent[]
  /** Bytes of all files; where the tree is too large, of those that were seen. */
  size: number
  tooLarge: boolean
}

/**
 * Reads a directory, or one file, whose path below the root is then empty. Links are followed, sockets and the like left
 * out. Sizes are read first: nothing of a tree with more bytes or entries than `most` is read.
 */
export function readTree(
  files: FileSystem,
  root: string,
  most: { bytes: number; entries: number },
): Tree {
  const { found, directories, size, tooLarge } = measureTree(files, root, most)
  const read = tooLarge
    ? []
    : found.flatMap(({ path, source, mode }) => {
        const bytes = files.read(source)
        return bytes === undefined ? [] : [{ path, bytes, mode, source }]
      })
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1)
  return { files: read.sort(byPath), directories: directories.sort(byPath), size, tooLarge }
}

/** The paths and sizes of a tree, up to the limit. */
function measureTree(
  files: FileSystem,
  root: string,
  most: { bytes: number; entries: number },
): Omit<Tree, 'files'> & { found: { path: string; source: string; mode: number }[] } {
  const found: { path: string; source: string; mode: number }[] = []
  const directories: DirectoryContent[] = []
  let size = 0
  let tooLarge = false
  const visit = (source: string, path: string, depth: number): void => {
    if (tooLarge) return
    const stat = files.stat(source)
    if (stat?.kind === 'file') {
      size += stat.size
      found.push({ path, source, mode: stat.mode & 0o777 })
    } else if (stat?.kind === 'directory' && depth < DEEPEST)
      directories.push({ path, mode: stat.mode & 0o777 })
    tooLarge = size > most.bytes || found.length + directories.length > most.entries
    if (stat?.kind !== 'directory' || depth >= DEEPEST) return
    for (const name of files.list(source) ?? [])
      visit(`${source}/${name}`, path === '' ? name : `${path}/${name}`, depth + 1)
  }
  visit(root, '', 0)
  return { found, directories, size, tooLarge }
}
