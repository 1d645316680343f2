import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** Bytes of a Dockerfile or a .dockerignore. */
export const LARGEST_BUILD_FILE: number = 256 * 1024

/** The text of a file, or why there is none: one sentence without the name of the file. */
export type BoundedText = { ok: true; text: string } | { ok: false; missing: boolean; why: string }

/**
 * Reads a regular file of at most `limit` bytes. What is something else (a directory, a FIFO, a device, a socket), too large or
 * unreadable is said so; opening it never waits. A link is followed.
 */
export function readBounded(path: string, limit: number): BoundedText {
  let descriptor: number
  try {
    descriptor = openToRead(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const missing = code === 'ENOENT' || code === 'ENOTDIR'
    const why = code === 'ENXIO' ? 'is a socket, not a file' : (REASONS[code ?? ''] ?? CANNOT)
    return { ok: false, missing, why }
  }
  try {
    const stat = fstatSync(descriptor)
    if (stat.isDirectory()) return { ok: false, missing: false, why: 'is a directory, not a file' }
    if (stat.isFIFO()) return { ok: false, missing: false, why: 'is a FIFO, not a file' }
    if (!stat.isFile()) return { ok: false, missing: false, why: 'is a device, not a file' }
    const bytes = new Uint8Array(Math.min(stat.size, limit) + 1)
    let length = 0
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null)
      if (read === 0) break
      length += read
    }
    if (length > limit) return { ok: false, missing: false, why: `is larger than ${sizeOf(limit)}` }
    return { ok: true, text: Buffer.from(bytes.buffer, 0, length).toString('utf8') }
  } catch {
    return { ok: false, missing: false, why: CANNOT }
  } finally {
    closeSync(descriptor)
  }
}

/** Opens a file to read it, without waiting for a writer of a FIFO. The caller closes it. Throws the error of the file system. */
export function openToRead(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
}

const CANNOT = 'cannot be read'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
  ELOOP: 'cannot be read: its symbolic links form a cycle',
}

function sizeOf(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`
}
