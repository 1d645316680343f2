import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path/posix'
import { type FillEntry, tarHeader, tarPadding } from '@landfall/kube'

/** Deeper than this a tree is a link to itself. */
const DEEPEST = 40

/** A file or directory of the project that is copied into a claim. */
export interface SourceEntry extends FillEntry {
  /** Absolute path on this machine. */
  source: string
  /** Bytes; 0 for a directory. */
  size: number
}

/**
 * The tree below a directory, or one file, with checksums. Links are followed, sockets and the like and the paths `without` left out. Throws the
 * error of the file system for what cannot be read.
 */
export async function readSource(
  source: string,
  root: string,
  without: readonly string[] = [],
): Promise<SourceEntry[]> {
  const entries: SourceEntry[] = []
  const visit = async (from: string, path: string, depth: number): Promise<void> => {
    if (without.includes(from)) return
    const found = await stat(from)
    const mode = found.mode & 0o777
    if (found.isFile())
      entries.push({ path, mode, source: from, size: found.size, sha256: await hashOf(from) })
    if (!found.isDirectory() || depth >= DEEPEST) return
    entries.push({ path, mode, source: from, size: 0 })
    for (const name of (await readdir(from)).sort())
      await visit(join(from, name), join(path, name), depth + 1)
  }
  const one = (await stat(source)).isFile()
  await visit(source, one ? join(root, basename(source)) : root, 0)
  return entries
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(file)) hash.update(bytes)
  return hash.digest('hex')
}

/** A tar archive of files, as bytes. Throws an Error for a file whose size changes while it is read. */
export async function* tarStream(
  entries: readonly SourceEntry[],
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for (const { path, mode, source, size } of entries) {
    yield tarHeader({ path, mode, size })
    let left = size
    for await (const bytes of createReadStream(source)) {
      left -= bytes.length
      if (left < 0) break
      yield bytes
      onBytes(bytes.length)
    }
    if (left !== 0) throw new Error(`${source} has changed while it was copied`)
    yield tarPadding(size)
  }
  yield Buffer.alloc(1024)
}
