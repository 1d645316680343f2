import type { Buffer } from 'node:buffer'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Header } from 'tar-stream'
import type { Chunks } from '../blob.ts'
import { Unreadable } from '../unreadable.ts'

/** A member of a tar archive, as its header has it. */
export interface TarMember {
  /** Without `./` or slash in front and without slash behind. */
  path: string
  kind: 'file' | 'directory' | 'link' | 'other'
  /** Bytes of content. */
  size: number
  /** Where the content begins in the archive. */
  offset: number
}

/** What the types of tar-stream 3.2 do not have: where the content of a member begins. */
type PlacedHeader = Header & { byteOffset: number }

const KINDS: Readonly<Partial<Record<Header['type'], TarMember['kind']>>> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'link',
  symlink: 'link',
  directory: 'directory',
}

/**
 * Reads an archive from its start to its end; gives each member, with its content where `wants` says so, which has to limit
 * the size: a content is held in memory. Knows ustar, pax and GNU headers; names of more than 4 MiB are refused.
 * Throws Unreadable for what is not an archive.
 */
export async function* readTar(
  chunks: Chunks,
  wants: (member: TarMember) => boolean,
): AsyncGenerator<{ member: TarMember; content?: Buffer }> {
  // Loaded here: most commands read no archive.
  const { extract } = await import('tar-stream')
  const source = Readable.from(chunks)
  const archive = extract({ allowUnknownFormat: true } as object)
  let refused: Error | undefined
  source.on('error', (error) => {
    refused = error
    archive.destroy(error)
  })
  source.pipe(archive)
  try {
    for await (const entry of archive) {
      const { name, type, size, byteOffset } = entry.header as PlacedHeader
      const kind = KINDS[type] ?? 'other'
      const member: TarMember = { path: cleanPath(name), kind, size, offset: byteOffset }
      if (!Number.isSafeInteger(size))
        throw new Unreadable('a tar archive has a member without a valid size')
      if (kind === 'file' && wants(member)) yield { member, content: await buffer(entry) }
      else {
        yield { member }
        entry.resume()
      }
    }
  } catch (error) {
    if (refused !== undefined) throw refused
    if (error instanceof Unreadable) throw error
    throw new Unreadable(`not a valid tar archive: ${(error as Error).message}`)
  } finally {
    source.destroy()
  }
}

function cleanPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')
}
