import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs'

/** Milliseconds until a stream has to have ended, and until a named FIFO has to have a writer. */
const patience = 10_000
const patienceForWriter = 2_000
const pause = 10

/**
 * What a FIFO or device holds up to its end, such as `/dev/null`, a named FIFO, or `/dev/fd/63` of a shell's `<(…)`.
 * undefined: it has more than `limit` bytes, does not end in ten seconds, or is a named FIFO into which nothing is written in
 * two. Throws where it cannot be opened.
 */
export function readStream(path: string, limit: number): Uint8Array | undefined {
  const stream = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const chunks: Uint8Array[] = []
    const buffer = new Uint8Array(64 * 1024)
    const waitsForWriter = isNamedFifo(stream)
    let length = 0
    for (let waited = 0; waited <= patience; waited += pause) {
      for (let read = 1; read > 0; ) {
        read = readNow(stream, buffer)
        if (read > 0) chunks.push(buffer.slice(0, read))
        length += Math.max(read, 0)
        if (length > limit) return undefined
        if (read === 0 && (length > 0 || !waitsForWriter))
          return new Uint8Array(Buffer.concat(chunks))
        if (length === 0 && waitsForWriter && waited >= patienceForWriter) return undefined
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
    return undefined
  } finally {
    closeSync(stream)
  }
}

/** The number of bytes that were read; 0: there is no writer, -1: there is nothing to read yet. */
function readNow(stream: number, buffer: Uint8Array): number {
  try {
    return readSync(stream, buffer, 0, buffer.length, null)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return -1
    throw error
  }
}

/** Whether a stream is a FIFO with a path, whose writer may open it later than its reader. */
function isNamedFifo(stream: number): boolean {
  if (!fstatSync(stream).isFIFO()) return false
  try {
    return !readlinkSync(`/proc/self/fd/${stream}`).startsWith('pipe:')
  } catch {
    return true
  }
}
