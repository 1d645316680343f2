import type { FileSystem } from '@landfall/compose'
import type { DirectoryContent, FileContent } from '../../plan/plan.ts'

/** Deeper than this a tree is a link to itself. */
const DEEPEST = 40

/** What a bind mount shows of the project: the files, and the directories with the root first, both sorted by path. */
export interface Tree {
  files: FileContent[]
  directories: DirectoryContent[]
  /** Bytes of all files; where the tree is too large, of those that were read. */
  size: number
  tooLarge: boolean
}

/**
 * Reads a directory, or one file, whose path below the root is then empty. Links are followed, sockets and the like left
 * out. Reading ends where the bytes or the entries are more than what is wanted.
 */
export function readTree(
  files: FileSystem,
  root: string,
  most: { bytes: number; entries: number },
): Tree {
  const tree: Tree = { files: [], directories: [], size: 0, tooLarge: false }
  const visit = (path: string, below: string, depth: number): void => {
    if (tree.tooLarge) return
    const stat = files.stat(path)
    if (stat?.kind === 'file') {
      tree.size += stat.size
      tree.tooLarge =
        tree.size > most.bytes || tree.files.length + tree.directories.length >= most.entries
      const bytes = tree.tooLarge ? undefined : files.read(path)
      if (bytes !== undefined)
        tree.files.push({ path: below, bytes, mode: stat.mode & 0o777, source: path })
    } else if (stat?.kind === 'directory' && depth < DEEPEST) {
      tree.directories.push({ path: below, mode: stat.mode & 0o777 })
      tree.tooLarge = tree.files.length + tree.directories.length > most.entries
      for (const name of files.list(path) ?? [])
        visit(`${path}/${name}`, below === '' ? name : `${below}/${name}`, depth + 1)
    }
  }
  visit(root, '', 0)
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1)
  tree.files.sort(byPath)
  tree.directories.sort(byPath)
  return tree
}
