import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import type { FileSystem } from './load.ts'
import { readStream } from './node-stream.ts'

/** The file system of this machine. `read` takes regular files only: a FIFO or device never blocks it. */
export function nodeFiles(): FileSystem {
  const streams = new Map<string, Uint8Array | undefined>()
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action()
    } catch {
      return undefined
    }
  }
  return {
    read: (path) => attempt(() => readRegular(path)),
    stat: (path) =>
      attempt(() => {
        const { size, mode, ...stat } = describe(path)
        return { ...stat, size, mode: mode & 0o7777 }
      }),
    readStream: (path, limit) => {
      if (!streams.has(path))
        streams.set(
          path,
          attempt(() => readStream(path, limit)),
        )
      return streams.get(path)
    },
    list: (path) => attempt(() => readdirSync(path).sort()),
    linkTarget: (path) =>
      attempt(() => (lstatSync(path).isSymbolicLink() ? realpathSync(path) : undefined)),
  }
}

function readRegular(path: string): Uint8Array | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return undefined
    return stat.size > 0 ? new Uint8Array(readFileSync(file)) : readUnsized(file)
  } finally {
    closeSync(file)
  }
}

/** Files of the kernel say that they are empty, and some have no end: the first megabyte, or nothing where there is more. */
function readUnsized(file: number): Uint8Array | undefined {
  const buffer = new Uint8Array(1024 * 1024)
  let length = 0
  while (length < buffer.length) {
    const read = readSync(file, buffer, length, buffer.length - length, null)
    if (read === 0) return buffer.slice(0, length)
    length += read
  }
  return undefined
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
