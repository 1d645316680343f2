import { Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import type { Chunks } from '../blob.ts'
import { Unreadable } from '../unreadable.ts'

const MAGIC = { gzip: '1f8b', zstd: '28b52ffd' }

/** Node.js has it since 22.15. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: typeof zlib.createGunzip }

/** A layer's archive, whatever it is compressed with: its first bytes show that, because media types can be wrong. */
export async function* decompressed(chunks: Chunks): Chunks {
  const iterator = chunks[Symbol.asyncIterator]()
  let start = Buffer.alloc(0)
  while (start.length < 4) {
    const { value, done } = await iterator.next()
    if (done === true) break
    start = Buffer.concat([start, value])
  }
  const whole = (async function* () {
    yield start
    yield* { [Symbol.asyncIterator]: () => iterator }
  })()
  const magic = start.subarray(0, 4).toString('hex')
  if (magic.startsWith(MAGIC.gzip)) yield* through(whole, zlib.createGunzip())
  else if (magic !== MAGIC.zstd) yield* whole
  else if (createZstdDecompress !== undefined) yield* through(whole, createZstdDecompress())
  else throw new Unreadable('layers compressed with zstd need Node.js 22.15 or newer')
}

async function* through(chunks: Chunks, decompress: zlib.Gunzip): Chunks {
  const source = Readable.from(chunks)
  // What the source refuses (a wrong digest) is thrown by the stream that is read.
  source.on('error', (error) => decompress.destroy(error))
  source.pipe(decompress)
  try {
    yield* decompress
  } catch (error) {
    if (error instanceof Unreadable) throw error
    throw new Unreadable(`a layer cannot be decompressed: ${(error as Error).message}`)
  } finally {
    source.destroy()
  }
}
