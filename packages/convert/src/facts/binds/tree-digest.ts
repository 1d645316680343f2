import { createHash } from 'node:crypto'
import type { FileSystem } from '@landfall/compose'
import type { Upload } from '@landfall/kube'

/** Deeper than this a tree is a link to itself. */
const DEEPEST = 40

/** Bytes of a tree that are read: some seconds' work. Of what is beyond, a change is seen by size and time. */
const MOST_READ = 512 * 1024 * 1024

type Stat = NonNullable<ReturnType<FileSystem['stat']>>

function stampOf({ size, modified = 0 }: Stat): string {
  return `${size}@${modified}`
}

function digestOf(files: FileSystem, path: string): string | undefined {
  if (files.digest !== undefined) return files.digest(path)
  const bytes = files.read(path)
  return bytes && createHash('sha256').update(bytes).digest('hex')
}

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
      const ofFile = found.bytes + stat.size > MOST_READ ? stampOf(stat) : digestOf(files, path)
      if (ofFile === undefined) return
      found.files += 1
      found.bytes += stat.size
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
