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
  const blocks = entries.flatMap(({ path, mode, bytes }) => {
    const name = Buffer.from(bytes === undefined ? `${path}/` : path)
    const long = name.length > LONGEST ? Buffer.concat([name, Buffer.alloc(1)]) : undefined
    return [
      ...(long === undefined
        ? []
        : [headerOf(Buffer.from('././@LongLink'), 0, long.length, 'L'), padded(long)]),
      headerOf(name, mode, bytes?.length ?? 0, bytes === undefined ? '5' : '0'),
      ...(bytes === undefined ? [] : [padded(bytes)]),
    ]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
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
  octal(size, 124, 12)
  octal(0, 136, 12)
  header.write('        ', 148, 'latin1')
  header.write(type, 156, 'latin1')
  header.write('ustar  \0', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)])
}
