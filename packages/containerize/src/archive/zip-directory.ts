import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { TarballProblem } from '../problem.ts'

/** An entry of a central directory; sizes and offset in bytes. */
export interface ZipEntry {
  name: string
  size: number
  packed: number
  offset: number
  /** Of Unix with the kind of file; 0 where another system made the archive. */
  mode: number
  method: number
  encrypted: boolean
}

/** Bytes: a record of the end and the longest comment. */
const END = 22
const LONGEST_COMMENT = 65_535
const LARGEST_DIRECTORY = 64 * 1024 ** 2

/**
 * The central directory of a zip archive, with Zip64.
 * Reference: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3. Throws TarballProblem.
 */
export async function* readDirectory(file: string, size: number): AsyncGenerator<ZipEntry> {
  const { offset, length, count } = await findEnd(file, size)
  if (length > LARGEST_DIRECTORY || offset + length > size) throw damaged('it has no directory')
  const directory = await readExactly(file, offset, length)
  let packed = 0
  for (let at = 0, index = 0; index < count; index += 1) {
    if (at + 46 > length || directory.readUInt32LE(at) !== 0x02014b50)
      throw damaged('its directory ends too early')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      directory.readUInt16LE(at + field),
    ) as [number, number, number]
    const next = at + 46 + nameLength + extraLength + commentLength
    if (next > length) throw damaged('its directory ends too early')
    const entry = entryAt(directory, at, nameLength, extraLength)
    // Entries that share their bytes make an archive a bomb without a high ratio.
    packed += entry.packed
    if (packed > size || entry.offset + 30 + entry.packed > size)
      throw damaged(`${entry.name} is outside of the archive, or shares its bytes with others`)
    yield entry
    at = next
  }
}

function entryAt(directory: Buffer, at: number, nameLength: number, extraLength: number): ZipEntry {
  const flags = directory.readUInt16LE(at + 8)
  const isUnix = directory[at + 5] === 3
  const sizes = {
    size: directory.readUInt32LE(at + 24),
    packed: directory.readUInt32LE(at + 20),
    offset: directory.readUInt32LE(at + 42),
  }
  const extraStart = at + 46 + nameLength
  const extra = directory.subarray(extraStart, extraStart + extraLength)
  return {
    // Windows programs write "\"; the names of others are checked as they are.
    name: directory.toString('utf8', at + 46, extraStart).replaceAll('\\', isUnix ? '\\' : '/'),
    ...withZip64(sizes, extra),
    mode: isUnix ? directory.readUInt16LE(at + 40) : 0,
    method: directory.readUInt16LE(at + 10),
    encrypted: (flags & 1) !== 0,
  }
}

/** Fields of 0xffffffff are in the extra field 1, in their order. */
function withZip64<Sizes extends { size: number; packed: number; offset: number }>(
  sizes: Sizes,
  extra: Buffer,
): Sizes {
  const long = { ...sizes }
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === 1 && end <= extra.length) {
      let value = at + 4
      for (const key of ['size', 'packed', 'offset'] as const)
        if (sizes[key] === 0xffffffff && value + 8 <= end) {
          long[key] = Number(extra.readBigUInt64LE(value))
          value += 8
        }
    }
    at = end
  }
  return long
}

async function findEnd(
  file: string,
  size: number,
): Promise<{ offset: number; length: number; count: number }> {
  const from = Math.max(0, size - END - LONGEST_COMMENT)
  const tail = await readExactly(file, from, size - from)
  const at = tail.lastIndexOf('PK\x05\x06', tail.length - END, 'latin1')
  if (at === -1) throw damaged('it ends too early')
  const [count, length, offset] = [
    tail.readUInt16LE(at + 10),
    tail.readUInt32LE(at + 12),
    tail.readUInt32LE(at + 16),
  ]
  if (count !== 0xffff && length !== 0xffffffff && offset !== 0xffffffff)
    return { offset, length, count }
  const locator = at - 20
  if (locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50) return { offset, length, count }
  const record = await readExactly(file, Number(tail.readBigUInt64LE(locator + 8)), 56)
  return {
    count: Number(record.readBigUInt64LE(32)),
    length: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  }
}

/** Bytes of a file; throws TarballProblem where it has fewer. */
export async function readExactly(file: string, start: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(start) || start < 0) throw damaged('it ends too early')
  if (length === 0) return Buffer.alloc(0)
  const bytes = await buffer(createReadStream(file, { start, end: start + length - 1 }))
  if (bytes.length < length) throw damaged('it ends too early')
  return bytes
}

/** An archive that is not valid. */
export function damaged(why: string): TarballProblem {
  return new TarballProblem('containerize/damaged', `it is damaged: ${why}`, 'download it again')
}
