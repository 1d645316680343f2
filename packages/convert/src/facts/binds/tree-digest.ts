import { createHash } from 'node:crypto'
import type { FileSystem } from '@landfall/compose'
import type { Upload } from '@landfall/kube'

/** Deeper than this a tree is a link to itself. */
const DEEPEST = 40

/** What has to be copied of a tree that is too large for objects: each file is read once, none is kept. */
export function treeDigest(
  files: FileSystem,
  root: string,
): Pick<Upload, 'source' | 'files' | 'bytes' | 'digest'> {
  const hash = createHash('sha256')
  const found = { files: 0, bytes: 0 }
  const visit = (path: string, below: string, depth: number): void => {
    const stat = files.stat(path)
    if (stat?.kind === 'file') {
      const bytes = files.read(path)
      if (bytes === undefined) return
      found.files += 1
      found.bytes += bytes.length
      const ofFile = createHash('sha256').update(bytes).digest('hex')
      hash.update(`${(stat.mode & 0o777).toString(8)} ${ofFile} ${below}\0`)
    } else if (stat?.kind === 'directory' && depth < DEEPEST) {
      hash.update(`${(stat.mode & 0o777).toString(8)} - ${below}/\0`)
      for (const name of files.list(path) ?? [])
        visit(`${path}/${name}`, below === '' ? name : `${below}/${name}`, depth + 1)
    }
  }
  visit(root, '', 0)
  return { source: root, ...found, digest: hash.digest('hex') }
}
