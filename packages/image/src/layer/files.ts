import type { Buffer } from 'node:buffer'
import { type Chunks, type Descriptor, verified } from '../blob.ts'
import type { Budget } from '../budget.ts'
import { Unreadable } from '../unreadable.ts'
import { decompressed } from './decompress.ts'
import { readTar } from './tar.ts'

/** Layers together, compressed: reading more than this for two small files takes too long. */
const MOST_BYTES = 512 * 1024 ** 2

/** Files of programs compress to a fifth. A layer that decompresses to more than these bytes, and this many times its size, is a bomb. */
const BOMB = { bytes: 64 * 1024 ** 2, ratio: 100 }

const LARGEST_FILE = 1024 * 1024

/** `.wh..wh..opq`: nothing of the folder in lower layers is seen. */
const OPAQUE = '.wh..opq'

/**
 * Content of small files of an image (paths without a slash in front). Layers are read from the highest down and only
 * until every file is settled; a file that is not there, or was removed by a layer, is absent.
 */
export async function readFiles(
  layers: readonly Descriptor[],
  open: (digest: string) => Chunks,
  paths: readonly string[],
  budget: Budget,
): Promise<Map<string, Buffer>> {
  const unsettled = new Set(paths)
  const found = new Map<string, Buffer>()
  let read = 0
  for (const { digest, size = 0 } of layers.toReversed()) {
    if (unsettled.size === 0) break
    read += size
    if (read > MOST_BYTES)
      throw new Unreadable('layers of more than 512 MiB are not searched for users')
    const removed = new Set<string>()
    const archive = unpacked(verified(open(digest), digest), budget)
    const wanted = (path: string, size: number) => unsettled.has(path) && size <= LARGEST_FILE
    for await (const { member, content } of readTar(archive, (m) => wanted(m.path, m.size))) {
      if (content !== undefined) found.set(member.path, content)
      for (const path of unsettled) if (whitesOut(member.path, path)) removed.add(path)
    }
    for (const path of [...unsettled])
      if (found.has(path) || removed.has(path)) unsettled.delete(path)
  }
  return found
}

/** Whether a marker of a layer hides what lower layers have at a path. */
function whitesOut(marker: string, path: string): boolean {
  const [, folder = '', name] = /^(.*\/)?\.wh\.([^/]+)$/.exec(marker) ?? []
  if (name === undefined) return false
  if (name === OPAQUE) return path.startsWith(folder)
  return path === folder + name || path.startsWith(`${folder}${name}/`)
}

/** The decompressed bytes of a layer, as far as the budget goes. */
async function* unpacked(layer: Chunks, budget: Budget): Chunks {
  let from = 0
  let to = 0
  const counted = (async function* () {
    for await (const chunk of layer) {
      from += chunk.length
      yield chunk
    }
  })()
  for await (const chunk of decompressed(counted)) {
    to += chunk.length
    if (to > BOMB.bytes && to > BOMB.ratio * from)
      throw new Unreadable(`a layer decompresses to more than ${BOMB.ratio} times its size`)
    budget.unpack(chunk.length)
    yield chunk
  }
}
