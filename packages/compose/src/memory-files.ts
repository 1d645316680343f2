import { directoryOf, joinPath } from './files/paths.ts'
import type { FileSystem } from './load.ts'

/** A file system of texts and bytes by absolute path: for tests and browsers. */
export function memoryFiles(
  contents:
    | Readonly<Record<string, string | Uint8Array>>
    | ReadonlyMap<string, string | Uint8Array>,
): FileSystem {
  const files = new Map<string, Uint8Array>()
  const directories = new Map<string, Set<string>>([['/', new Set()]])
  for (const [name, content] of contents instanceof Map ? contents : Object.entries(contents)) {
    const path = joinPath('/', name)
    files.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content)
    for (let child = path; child !== '/'; child = directoryOf(child)) {
      const directory = directoryOf(child)
      const names = directories.get(directory) ?? new Set()
      directories.set(directory, names.add(child.slice(child.lastIndexOf('/') + 1)))
    }
  }
  return {
    read: (path) => files.get(joinPath(path)),
    stat: (path) => {
      const file = files.get(joinPath(path))
      if (file !== undefined) return { kind: 'file', size: file.length, mode: 0o644 }
      return directories.has(joinPath(path))
        ? { kind: 'directory', size: 0, mode: 0o755 }
        : undefined
    },
    list: (path) => {
      const names = directories.get(joinPath(path))
      return names && [...names].sort()
    },
  }
}
