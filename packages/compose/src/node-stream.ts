import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs'

/** Milliseconds that are left for streams that have not ended, and for named FIFOs without a writer: of all files of a project. */
export interface StreamPatience {
  end: number
  writer: number
}

/** The time for the streams of one project. */
export function streamPatience(): StreamPatience {
  return { end: 10_000, writer: 2_000 }
}

const pause = 10

/**
 * What a FIFO or device holds up to its end, such as `/dev/null`, a named FIFO, or `/dev/fd/63` of a shell's `<(…)`.
 * undefined: it has more than `limit` bytes, or there is no `patience` left to wait for its end, or for the writer of a named FIFO.
 * Throws where it cannot be opened.
 */
export function readStream(
  path: string,
  limit: number,
  patience: StreamPatience,
): Uint8Array | undefined {
  const stream = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const chunks: Uint8Array[] = []
    const buffer = new Uint8Array(64 * 1024)
    const waitsForWriter = isNamedFifo(stream)
    let length = 0
    for (;;) {
      for (let read = 1; read > 0; ) {
        read = readNow(stream, buffer)
        if (read > 0) chunks.push(buffer.slice(0, read))
        length += Math.max(read, 0)
        if (length > limit) return undefined
        if (read === 0 && (length > 0 || !waitsForWriter))
          return new Uint8Array(Buffer.concat(chunks))
      }
      const left = length === 0 && waitsForWriter ? 'writer' : 'end'
      if (patience[left] <= 0) return undefined
      patience[left] -= pause
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
    }
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
