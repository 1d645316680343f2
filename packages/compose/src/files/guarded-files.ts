import type { FileSystem } from '../load.ts'

/** A file system in which nothing outside of a boundary can be read. */
export interface GuardedFiles extends FileSystem {
  outside(path: string): string | undefined
  /** What was not read: the path as it was given, and where it leads. */
  readonly refused: ReadonlyMap<string, string>
}

/** Guards a file system; `outside` tells where a path leads that must not be read. */
export function guardedFiles(
  files: FileSystem,
  outside: (path: string) => string | undefined,
): GuardedFiles {
  const known = new Map<string, string | undefined>()
  const refused = new Map<string, string>()
  const leadsTo = (path: string) => {
    if (!known.has(path)) known.set(path, outside(path))
    return known.get(path)
  }
  const guard =
    <Rest extends unknown[], T>(read: (path: string, ...rest: Rest) => T | undefined) =>
    (path: string, ...rest: Rest): T | undefined => {
      const target = leadsTo(path)
      if (target === undefined) return read(path, ...rest)
      refused.set(path, target)
      return undefined
    }
  const { digest, readStream } = files
  return {
    ...files,
    read: guard(files.read),
    list: guard(files.list),
    ...(digest && { digest: guard(digest) }),
    ...(readStream && { readStream: guard(readStream) }),
    outside: leadsTo,
    refused,
  }
}
