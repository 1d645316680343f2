import { randomBytes } from 'node:crypto'

/** Opcodes of RFC 6455, section 5.2. */
export const OPCODE = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** One frame of a WebSocket. */
export interface Frame {
  opcode: number
  /** Whether it is the last one of its message. */
  final: boolean
  payload: Buffer
}

/** A frame as a client sends it: whole, and masked. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const extra = length < 126 ? 0 : length < 0x10000 ? 2 : 8
  const frame = Buffer.allocUnsafe(2 + extra + 4 + length)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127)
  if (extra === 2) frame.writeUInt16BE(length, 2)
  if (extra === 8) frame.writeBigUInt64BE(BigInt(length), 2)
  const mask = randomBytes(4)
  const start = 2 + extra + 4
  mask.copy(frame, start - 4)
  for (let at = 0; at < length; at++)
    frame[start + at] = (payload[at] as number) ^ (mask[at & 3] as number)
  return frame
}

/** Bytes of one message; API servers send some ten thousand. */
const LARGEST = 64 * 1024 * 1024

/** The frames of a server, as their bytes arrive. Throws an Error for bytes that RFC 6455 does not allow. */
export async function* serverFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let pending: Buffer[] = []
  let size = 0
  let needed = 2
  for await (const chunk of chunks) {
    pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    size += chunk.length
    while (size >= needed) {
      const bytes = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending)
      const { head, length } = sizesOf(bytes)
      needed = head + length
      pending = [bytes]
      if (size < needed) continue
      const first = bytes[0] as number
      yield {
        opcode: first & 0x0f,
        final: (first & 0x80) !== 0,
        payload: bytes.subarray(head, needed),
      }
      pending = [bytes.subarray(needed)]
      size -= needed
      needed = 2
    }
  }
}

/** Bytes of the head of a frame, and of its content as far as the head is there. */
function sizesOf(bytes: Buffer): { head: number; length: number } {
  const [first = 0, second = 0] = bytes
  if ((first & 0x70) !== 0 || (second & 0x80) !== 0) throw new Error('an invalid WebSocket frame')
  const short = second & 0x7f
  const head = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < head) return { head, length: 0 }
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (length > LARGEST) throw new Error('a WebSocket frame that is too large')
  return { head, length }
}
