import { TarballProblem } from '../problem.ts'
import type { Chunks, Entry, RawEntry } from './entry.ts'
import type { Archive } from './open.ts'
import { insidePath, linkedPath } from './paths.ts'

/** What a tarball may have; bytes. */
export interface Limits {
  entries: number
  unpacked: number
  /** More than `bytes` and more than `ratio` times the size of the tarball is a bomb. */
  bomb: { bytes: number; ratio: number }
}

export const LIMITS: Limits = {
  entries: 100_000,
  unpacked: 4 * 1024 ** 3,
  bomb: { bytes: 64 * 1024 ** 2, ratio: 100 },
}

/**
 * The entries of a tarball that can be written below a directory without leaving it: checked paths, links that stay inside, plain
 * modes. Nothing is decompressed beyond the limits, so that time and memory are bounded. Throws TarballProblem.
 */
export async function* guardedEntries(
  archive: Pick<Archive, 'size' | 'entries' | 'kind'>,
  limits: Limits = LIMITS,
): AsyncGenerator<Entry> {
  const kinds = new Map<string, Entry['kind']>()
  let count = 0
  let unpacked = 0
  const add = (bytes: number): void => {
    unpacked += bytes
    if (unpacked > limits.unpacked)
      throw tooLarge(`it unpacks to more than ${limits.unpacked / 1024 ** 2} MiB`)
    const { bytes: free, ratio } = limits.bomb
    if (archive.kind !== 'directory' && unpacked > free && unpacked > ratio * archive.size)
      throw tooLarge(`it unpacks to more than ${ratio} times its size`)
  }
  for await (const raw of archive.entries()) {
    count += 1
    if (count > limits.entries) throw tooLarge(`it has more than ${limits.entries} entries`)
    const entry = checked(raw)
    if (entry === undefined) continue
    settle(kinds, entry)
    // What is declared is refused before it is read.
    if (entry.kind === 'file' && unpacked + entry.size > limits.unpacked) add(entry.size)
    let counted = 0
    const content = async function* (): Chunks {
      for await (const chunk of raw.content()) {
        counted += chunk.length
        add(chunk.length)
        yield chunk
      }
    }
    yield entry.kind === 'file' ? { ...entry, content } : entry
    // A content that was not read is decompressed all the same.
    if (entry.kind === 'file' && counted < entry.size) add(entry.size - counted)
  }
}

function tooLarge(message: string): TarballProblem {
  return new TarballProblem(
    'containerize/too-large',
    message,
    'use the tarball of a release; data belongs in a volume',
  )
}

/** Undefined for the root itself. */
function checked(raw: RawEntry): Entry | undefined {
  const path = insidePath(raw.name)
  if (raw.kind === 'other')
    throw new TarballProblem(
      'containerize/entry-kind',
      `${path} is ${raw.what === 'special' ? 'not a regular file' : raw.what}`,
      'make the tarball again without it',
    )
  if (path === '') return undefined
  const { kind, size, content } = raw
  const mode = kind === 'directory' || (raw.mode & 0o111) !== 0 ? 0o755 : 0o644
  const entry: Entry = { path, kind, mode, size: kind === 'file' ? size : 0, content }
  if (kind === 'symlink') return { ...entry, target: linkedPath(path, raw.target ?? '') }
  return kind === 'hardlink' ? { ...entry, target: insidePath(raw.target ?? '') } : entry
}

/** Refuses an entry that cannot be where it is: below a file or a link, in the place of a directory, or linked to nothing. */
function settle(kinds: Map<string, Entry['kind']>, { path, kind, target }: Entry): void {
  const conflict = (why: string): TarballProblem =>
    new TarballProblem(
      'containerize/entry-conflict',
      `${path} ${why}`,
      'make the tarball again without one of them',
    )
  for (let at = path.lastIndexOf('/'); at !== -1; at = path.lastIndexOf('/', at - 1)) {
    const parent = kinds.get(path.slice(0, at))
    if (parent !== undefined && parent !== 'directory')
      throw conflict(
        `is below ${path.slice(0, at)}, which is ${parent === 'symlink' ? 'a link' : 'a file'}`,
      )
    if (parent === 'directory') break
    kinds.set(path.slice(0, at), 'directory')
  }
  const before = kinds.get(path)
  if (
    before !== undefined &&
    !(before === 'directory' && kind === 'directory') &&
    before !== 'file'
  )
    throw conflict('is in the tarball twice, and is not the same kind of file')
  if (before === 'file' && kind !== 'file')
    throw conflict('is in the tarball twice, and is not the same kind of file')
  const linked = kind === 'hardlink' ? kinds.get(target ?? '') : undefined
  if (kind === 'hardlink' && linked !== 'file' && linked !== 'hardlink')
    throw conflict(`is a link to ${target}, which is not a file in the tarball`)
  kinds.set(path, kind)
}
