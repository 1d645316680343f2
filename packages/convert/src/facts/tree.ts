import type { FileSystem } from '@landfall/compose'
import type { FileContent } from '../plan.ts'

/** Every file of a tree, or the one file that the path is, sorted by path; links are followed, sockets left out. */
export function readTree(files: FileSystem, root: string): FileContent[] {
  const found: FileContent[] = []
  const visit = (path: string, below: string): void => {
    const stat = files.stat(path)
    if (stat?.kind === 'file') {
      const bytes = files.read(path)
      if (bytes !== undefined) found.push({ path: below, bytes, mode: stat.mode & 0o777 })
    } else if (stat?.kind === 'directory' && below.split('/').length < 40) {
      for (const name of files.list(path) ?? [])
        visit(`${path}/${name}`, below === '' ? name : `${below}/${name}`)
    }
  }
  visit(root, '')
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}
