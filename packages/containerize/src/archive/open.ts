import { createReadStream, type Stats, statSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { TarballProblem } from '../problem.ts'
import type { Chunks, RawEntry } from './entry.ts'
import { readFolder } from './folder.ts'
import { readTar } from './tar.ts'
import { readZip } from './zip.ts'

/** A tarball on this machine; `size` in bytes, 0 for a directory. */
export interface Archive {
  kind: 'tar' | 'tar.gz' | 'zip' | 'directory'
  size: number
  /** From its start, each time. */
  entries: () => AsyncGenerator<RawEntry>
}

/** Recognises a tarball by its first bytes, whatever its name. Throws TarballProblem for anything else. */
export async function openArchive(file: string): Promise<Archive> {
  const { start, size, directory } = await lookAt(file)
  if (directory) return { kind: 'directory', size: 0, entries: () => readFolder(file) }
  const magic = start.toString('latin1')
  if (magic.startsWith('PK\x03\x04') || magic.startsWith('PK\x05\x06'))
    return { kind: 'zip', size, entries: () => readZip(file, size) }
  if (magic.startsWith('\x1f\x8b'))
    return { kind: 'tar.gz', size, entries: () => readTar(unzipped(createReadStream(file))) }
  // https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html: ustar Interchange Format
  if (magic.slice(257, 262) === 'ustar' || isOldTar(start))
    return { kind: 'tar', size, entries: () => readTar(createReadStream(file)) }
  const known = OTHERS.find(([bytes]) => magic.startsWith(bytes))
  throw new TarballProblem(
    'containerize/not-an-archive',
    known === undefined ? 'it is not a tar or zip archive' : `it is compressed with ${known[1]}`,
    'use a .tar.gz, .tar or .zip file, or a directory',
  )
}

const OTHERS: readonly [string, string][] = [
  ['BZh', 'bzip2'],
  ['\xfd7zXZ', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['7z\xbc\xaf', '7-Zip'],
  ['Rar!', 'RAR'],
]

async function lookAt(file: string): Promise<{ start: Buffer; size: number; directory: boolean }> {
  let stat: Stats
  try {
    stat = statSync(file)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw unreadable(missing ? 'it does not exist' : 'it cannot be read')
  }
  if (stat.isDirectory()) return { start: Buffer.alloc(0), size: 0, directory: true }
  if (!stat.isFile()) throw unreadable('it is not a regular file')
  try {
    const start = await buffer(createReadStream(file, { end: 511 }))
    return { start, size: stat.size, directory: false }
  } catch {
    throw unreadable('it cannot be read')
  }
}

function unreadable(why: string): TarballProblem {
  return new TarballProblem(
    'containerize/not-an-archive',
    why,
    'use a .tar.gz, .tar or .zip file, or a directory',
  )
}

/** A header of before POSIX has no magic number, but the checksum: the sum of its bytes, with blanks for the checksum itself. */
function isOldTar(header: Buffer): boolean {
  if (header.length < 512 || header[0] === 0) return false
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0)
  return Number.parseInt(header.toString('latin1', 148, 156), 8) === sum
}

async function* unzipped(source: NodeJS.ReadableStream): Chunks {
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  try {
    yield* gunzip
  } catch (error) {
    throw new TarballProblem(
      'containerize/damaged',
      `it cannot be decompressed: ${(error as Error).message}`,
      'download it again',
    )
  } finally {
    source.unpipe(gunzip)
    ;(source as import('node:fs').ReadStream).destroy()
  }
}
