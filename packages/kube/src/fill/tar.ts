import { Buffer } from 'node:buffer'

/** A file, or a directory where there are no bytes. */
export interface TarEntry {
  path: string
  mode: number
  bytes?: Uint8Array
}

const BLOCK = 512

/** Longest path that a header holds; a longer one comes before it, as GNU tar and busybox write and read it. */
const LONGEST = 100

/** Bytes of a tar archive whose entries belong to root and have no times, so that the same entries are the same bytes. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => [
    tarHeader({ ...entry, ...(entry.bytes && { size: entry.bytes.length }) }),
    ...(entry.bytes === undefined ? [] : [entry.bytes, tarPadding(entry.bytes.length)]),
  ])
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}

/** What comes before the bytes of a file, or before nothing for a directory, which has no size. */
export function tarHeader({
  path,
  mode,
  size,
}: {
  path: string
  mode: number
  size?: number
}): Buffer {
  const name = Buffer.from(size === undefined ? `${path}/` : path)
  const header = headerOf(name, mode, size ?? 0, size === undefined ? '5' : '0')
  if (name.length <= LONGEST) return header
  const long = Buffer.concat([name, Buffer.alloc(1)])
  const before = headerOf(Buffer.from('././@LongLink'), 0, long.length, 'L')
  return Buffer.concat([before, long, tarPadding(long.length), header])
}

/** What follows so many bytes of a file, up to the next block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

/** https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function headerOf(name: Buffer, mode: number, size: number, type: string): Buffer {
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, width: number): void => {
    header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1')
  }
  name.copy(header, 0, 0, LONGEST)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  if (size < 8 ** 11) octal(size, 124, 12)
  // larger than 8 GiB: in base 256, marked by the first bit
  else header.writeUIntBE(size, 130, 6) && header.writeUInt8(0x80, 124)
  octal(0, 136, 12)
  header.write('        ', 148, 'latin1')
  header.write(type, 156, 'latin1')
  header.write('ustar  \0', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}
