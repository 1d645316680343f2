import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { FileSystem } from './load.ts'

/** The file system of this machine. Only regular files are read: a FIFO or device never blocks. */
export function nodeFiles(): FileSystem {
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action()
    } catch {
      return undefined
    }
  }
  return {
    read: (path) =>
      attempt(() => (statSync(path).isFile() ? new Uint8Array(readFileSync(path)) : undefined)),
    stat: (path) =>
      attempt(() => {
        const { size, mode, ...stat } = describe(path)
        return { ...stat, size, mode: mode & 0o7777 }
      }),
    list: (path) => attempt(() => readdirSync(path).sort()),
  }
}

function describe(path: string): {
  kind: 'file' | 'directory' | 'other'
  size: number
  mode: number
} {
  const stat = statSync(path)
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other'
  return { kind, size: stat.size, mode: stat.mode }
}
