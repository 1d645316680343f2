import type { FileSystem } from '@landfall/compose'

/** A file system of which each path is looked at and read once: services of a project mount the same folders. */
export function readOnce(files: FileSystem): FileSystem {
  return {
    ...files,
    stat: once((path) => files.stat(path)),
    list: once((path) => files.list(path)),
    read: once((path) => files.read(path)),
    ...(files.digest && { digest: once((path) => files.digest?.(path)) }),
  }
}

function once<T>(look: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>()
  return (path) => {
    if (!known.has(path)) known.set(path, look(path))
    return known.get(path) as T
  }
}
