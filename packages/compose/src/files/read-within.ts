import type { FileSystem } from '../load.ts'

/** The bytes of a file, that nothing is there, or why it cannot be read: the end of a sentence that begins with its name. */
export type ReadWithin = { bytes: Uint8Array } | { missing: true } | { problem: string }

/** Reads a regular file of at most `limit` bytes. Something else that is there is a problem, and not the absence of the file. */
export function readWithin(files: FileSystem, path: string, limit: number): ReadWithin {
  const outside = files.outside?.(path)
  if (outside !== undefined)
    return { problem: `leads to ${outside}, which is outside of the project` }
  const stat = files.stat(path)
  if (stat === undefined) return isDanglingLink(files, path) ? { problem: LEADS_NOWHERE } : MISSING
  const problem = problemOf(stat, limit)
  if (problem !== undefined) return { problem }
  const bytes = files.read(path, limit)
  return bytes === undefined ? { problem: 'cannot be read' } : { bytes }
}

/** What is wrong with what is at a path, if a file of at most `limit` bytes is expected there. */
export function problemOf(
  { kind, size, what = 'not a regular file' }: NonNullable<ReturnType<FileSystem['stat']>>,
  limit: number,
): string | undefined {
  if (kind === 'directory') return 'is a directory, not a file'
  if (kind === 'other') return `is ${what}${what.startsWith('not') ? '' : ', not a file'}`
  return size > limit ? `is larger than ${shownSize(limit)}` : undefined
}

const MISSING = { missing: true } as const

const LEADS_NOWHERE = 'is a symbolic link that leads nowhere'

function isDanglingLink(files: FileSystem, path: string): boolean {
  const slash = path.lastIndexOf('/')
  return files.list(path.slice(0, slash) || '/')?.includes(path.slice(slash + 1)) === true
}

function shownSize(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`
}
