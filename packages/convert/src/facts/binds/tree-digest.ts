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

/** Bytes of a file that is searched for secrets; what is larger is known by its name alone, and not guessed as a whole. */
const LARGEST_SEARCHED = 1024 * 1024

interface DigestedFile {
  digest: string
  secret: boolean
}

function digestOf(
  files: FileSystem,
  path: string,
  size: number,
  isSecret: IsSecret,
): DigestedFile | undefined {
  if (size > LARGEST_SEARCHED && files.digest !== undefined) {
    const digest = files.digest(path)
    return digest === undefined ? undefined : { digest, secret: isSecret(path, new Uint8Array()) }
  }
  const bytes = files.read(path)
  return (
    bytes && {
      digest: createHash('sha256').update(bytes).digest('hex'),
      secret: isSecret(path, bytes),
    }
  )
}

type IsSecret = (path: string, bytes: Uint8Array) => boolean

/**
 * What has to be copied of a tree that is too large for objects: each file is read once, none is kept. `leftOut`: what listing it leaves out.
 * The content of a secret file is in a digest of its own, which no output contains (decision 0018).
 */
export function treeDigest(
  files: FileSystem,
  root: string,
  leftOut: ReadonlySet<string>,
  isSecret: IsSecret,
): Pick<Upload, 'source' | 'files' | 'bytes' | 'digest' | 'secretDigest' | 'without'> {
  const hash = createHash('sha256')
  const secrets = createHash('sha256')
  let anySecret = false
  const found = { files: 0, bytes: 0 }
  const visit = (path: string, below: string, depth: number): void => {
    const stat = files.stat(path)
    if (stat?.kind === 'file') {
      const ofFile =
        found.bytes + stat.size > MOST_READ
          ? { digest: stampOf(stat), secret: false }
          : digestOf(files, path, stat.size, isSecret)
      if (ofFile === undefined) return
      found.files += 1
      found.bytes += stat.size
      const { digest, secret } = ofFile
      hash.update(`${(stat.mode & 0o777).toString(8)} ${secret ? 'secret' : digest} ${below}\0`)
      if (secret) secrets.update(`${digest} ${below}\0`)
      anySecret ||= secret
    } else if (stat?.kind === 'directory' && depth < DEEPEST) {
      hash.update(`${(stat.mode & 0o777).toString(8)} - ${below}/\0`)
      for (const name of files.list(path) ?? [])
        visit(`${path}/${name}`, below === '' ? name : `${below}/${name}`, depth + 1)
    }
  }
  visit(root, '', 0)
  const without = [...leftOut].filter((path) => path.startsWith(`${root}/`)).sort()
  return {
    source: root,
    ...found,
    digest: hash.digest('hex'),
    ...(anySecret ? { secretDigest: secrets.digest('hex') } : {}),
    ...(without.length === 0 ? {} : { without }),
  }
}
