import { createHash } from 'node:crypto'
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
import { readStream, streamPatience } from './node-stream.ts'

/** The file system of this machine. `read` takes regular files only: a FIFO or device never blocks it. */
export function nodeFiles(): FileSystem {
  const streams = new Map<string, Uint8Array | undefined>()
  const patience = streamPatience()
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action()
    } catch {
      return undefined
    }
  }
  return {
    read: (path, limit = READ_LIMIT) => attempt(() => readRegular(path, limit)),
    digest: (path) => attempt(() => digestOf(path)),
    stat: (path) =>
      attempt(() => {
        const { mode, ...stat } = describe(path)
        return { ...stat, mode: mode & 0o7777 }
      }),
    readStream: (path, limit) => {
      if (!streams.has(path))
        streams.set(
          path,
          attempt(() => readStream(path, limit, patience)),
        )
      return streams.get(path)
    },
    list: (path) => attempt(() => readdirSync(path).sort()),
    realPath: (path) => attempt(() => realpathSync(path)),
    linkTarget: (path) =>
      attempt(() => (lstatSync(path).isSymbolicLink() ? realpathSync(path) : undefined)),
  }
}

/** Bytes. */
const READ_LIMIT = 64 * 1024 * 1024

function readRegular(path: string, limit: number): Uint8Array | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(file)
    if (!stat.isFile() || stat.size > limit) return undefined
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

function digestOf(path: string): string | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!fstatSync(file).isFile()) return undefined
    const hash = createHash('sha256')
    const buffer = new Uint8Array(1024 * 1024)
    for (let read = 1; read > 0; ) {
      read = readSync(file, buffer, 0, buffer.length, null)
      hash.update(buffer.subarray(0, read))
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}

function describe(path: string): NonNullable<ReturnType<FileSystem['stat']>> {
  const stat = statSync(path)
  const { size, mode } = stat
  const known = { size, mode, modified: stat.mtimeMs }
  if (stat.isFile()) return { kind: 'file', ...known }
  if (stat.isDirectory()) return { kind: 'directory', ...known }
  const what = stat.isFIFO() ? 'a FIFO' : stat.isSocket() ? 'a socket' : 'a device'
  return { kind: 'other', ...known, what }
}
