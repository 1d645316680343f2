/** The part of SPDY 3.1 that the streams of Kubernetes use. https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/ */

const TYPE = { open: 1, reset: 3, ping: 6, away: 7 } as const
const FIN = 1

/** Bytes of the content of one frame: larger ones make others wait. */
const LARGEST = 32 * 1024

/** What the other side sends, as far as it is used. */
export type SpdyFrame =
  | { type: 'data'; stream: number; payload: Uint8Array; last: boolean }
  | { type: 'reset'; stream: number }
  | { type: 'ping'; id: number }
  | { type: 'away' }

function control(type: number, flags: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16BE(0x8003, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt32BE((flags << 24) | payload.length, 4)
  return Buffer.concat([head, payload])
}

/**
 * Opens a stream; a client gives odd numbers. Headers are one compressed text over all frames of a connection, `first` in it: each is written as a
 * block without compression (RFC 1951, 3.2.4) that is flushed, which needs no dictionary.
 */
export function openFrame(
  stream: number,
  headers: Readonly<Record<string, string>>,
  { first }: { first: boolean },
): Buffer {
  const entries = Object.entries(headers)
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const text = (value: string): Buffer[] => [number(Buffer.byteLength(value)), Buffer.from(value)]
  const block = Buffer.concat([
    number(entries.length),
    ...entries.flatMap(([name, value]) => [...text(name.toLowerCase()), ...text(value)]),
  ])
  const stored = Buffer.alloc(5)
  stored.writeUInt16LE(block.length, 1)
  stored.writeUInt16LE(~block.length & 0xffff, 3)
  const flush = Buffer.of(0, 0, 0, 0xff, 0xff)
  const zlibHead = first ? Buffer.of(0x78, 0x01) : Buffer.alloc(0)
  const head = Buffer.alloc(10)
  head.writeUInt32BE(stream, 0)
  return control(TYPE.open, 0, Buffer.concat([head, zlibHead, stored, block, flush]))
}

/** Bytes of a stream as frames; `last` says that no more come. */
export function dataFrames(stream: number, bytes: Uint8Array, last = false): Buffer[] {
  const frames: Buffer[] = []
  let at = 0
  do {
    const part = bytes.subarray(at, at + LARGEST)
    at += LARGEST
    const head = Buffer.alloc(8)
    head.writeUInt32BE(stream, 0)
    head.writeUInt32BE(part.length, 4)
    if (last && at >= bytes.length) head[4] = FIN
    frames.push(Buffer.concat([head, part]))
  } while (at < bytes.length)
  return frames
}

/** The answer to a ping has its number. */
export function pingFrame(id: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(id)
  return control(TYPE.ping, 0, bytes)
}

/** The frames in chunks of bytes of any size; those that are not used are left out. */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SpdyFrame> {
  let pending: Buffer[] = []
  let size = 0
  let needed = 8
  for await (const chunk of chunks) {
    pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    size += chunk.length
    while (size >= needed) {
      const bytes = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending)
      pending = [bytes]
      needed = 8 + (bytes.readUInt32BE(4) & 0xffffff)
      if (size < needed) continue
      const frame = frameOf(bytes.subarray(0, needed))
      pending = [bytes.subarray(needed)]
      size -= needed
      needed = 8
      if (frame !== undefined) yield frame
    }
  }
}

function frameOf(bytes: Buffer): SpdyFrame | undefined {
  const [first = 0, , , , flags = 0] = bytes
  const payload = bytes.subarray(8)
  if ((first & 0x80) === 0)
    return { type: 'data', stream: bytes.readUInt32BE(0), payload, last: (flags & FIN) !== 0 }
  const type = bytes.readUInt16BE(2)
  const number = payload.length < 4 ? 0 : payload.readUInt32BE(0) & 0x7fffffff
  if (type === TYPE.reset) return { type: 'reset', stream: number }
  if (type === TYPE.ping) return { type: 'ping', id: payload.readUInt32BE(0) }
  return type === TYPE.away ? { type: 'away' } : undefined
}
