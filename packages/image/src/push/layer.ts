import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { digestOf } from '../blob.ts'
import { type TarEntry, tarArchive } from './tar-archive.ts'

/** A compressed layer of an image. */
export interface Layer {
  /** `sha256:…` of the compressed bytes: its name in the registry. */
  digest: string
  /** `sha256:…` of the uncompressed archive: its name in the image's config. */
  diffId: string
  /** Compressed, in bytes. */
  size: number
  /** The compressed bytes, from the start, as often as it is called. */
  open: () => Readable
}

/** A layer in memory, for few and small files. */
export async function layerOf(entries: readonly TarEntry[]): Promise<Layer> {
  const { gzipSync } = await import('node:zlib')
  const archive = await tarArchive(entries)
  const bytes = gzipSync(archive, { level: 6 })
  return {
    digest: digestOf(bytes),
    diffId: digestOf(archive),
    size: bytes.length,
    open: () => Readable.from([bytes]),
  }
}

/**
 * Compresses a tar archive of any size, and resolves with the digests for {@link layerFile}. `level` is gzip's; 1 is fast and about
 * a tenth larger than the default.
 */
export async function compressLayer(
  archive: Readable,
  target: Writable,
  level = 6,
): Promise<Pick<Layer, 'digest' | 'diffId'>> {
  const { createGzip } = await import('node:zlib')
  const uncompressed = createHash('sha256')
  const compressed = createHash('sha256')
  await pipeline(archive, tap(uncompressed), createGzip({ level }), tap(compressed), target)
  return {
    digest: `sha256:${compressed.digest('hex')}`,
    diffId: `sha256:${uncompressed.digest('hex')}`,
  }
}

/** A layer that {@link compressLayer} made earlier, by the digests that it returned. */
export async function layerFile(
  file: string,
  digests: { digest: string; diffId: string },
): Promise<Layer> {
  const { size } = statSync(file)
  return { ...digests, size, open: () => createReadStream(file) }
}

function tap(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk, _encoding, next) {
      hash.update(chunk)
      next(null, chunk)
    },
  })
}
