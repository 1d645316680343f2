/** One file, directory or link of an archive. The time of all of them is 1970-01-01. */
export type TarEntry = {
  /** With or without a leading slash; directories need no trailing one. */
  path: string
  /** Permission bits such as `0o644`; by default 0o755 for directories, 0o644 for files, 0o777 for links. */
  mode?: number
  /** Numeric owner; root when silent. */
  uid?: number
  gid?: number
} & (
  | { type: 'file'; content: string | Uint8Array }
  | { type: 'directory' }
  /** `target` is kept as it is. */
  | { type: 'symlink'; target: string }
)

const block = 512

const kinds = {
  file: { typeflag: '0', mode: 0o644 },
  symlink: { typeflag: '2', mode: 0o777 },
  directory: { typeflag: '5', mode: 0o755 },
}

/**
 * A tar archive in the order given: the same entries are the same bytes. Names over the limits of
 * ustar are carried in pax headers (POSIX.1-2001), which every container runtime reads.
 */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => entryBlocks(entry))
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

function entryBlocks(entry: TarEntry): Buffer[] {
  const content = entry.type === 'file' ? Buffer.from(entry.content) : Buffer.alloc(0)
  const name = entry.path.replace(/^\/+|\/+$/g, '') + (entry.type === 'directory' ? '/' : '')
  const link = entry.type === 'symlink' ? entry.target : ''
  const long = [
    ...(Buffer.byteLength(name) > 100 ? [paxRecord('path', name)] : []),
    ...(Buffer.byteLength(link) > 100 ? [paxRecord('linkpath', link)] : []),
  ]
  const fields = {
    mode: entry.mode ?? kinds[entry.type].mode,
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
  }
  const blocks: Buffer[] = []
  if (long.length > 0) {
    const pax = Buffer.from(long.join(''))
    const paxFields = { mode: 0o644, uid: 0, gid: 0 }
    blocks.push(header('PaxHeaders/entry', 'x', '', pax.length, paxFields), ...padded(pax))
  }
  const { typeflag } = kinds[entry.type]
  blocks.push(header(name, typeflag, link, content.length, fields), ...padded(content))
  return blocks
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  let length = Buffer.byteLength(rest)
  while (Buffer.byteLength(`${length}${rest}`) !== length)
    length = Buffer.byteLength(`${length}${rest}`)
  return `${length}${rest}`
}

function padded(content: Buffer): Buffer[] {
  const missing = (block - (content.length % block)) % block
  return missing === 0 ? [content] : [content, Buffer.alloc(missing)]
}

function header(
  name: string,
  typeflag: string,
  link: string,
  size: number,
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
): Buffer {
  const bytes = Buffer.alloc(block)
  const octal = (value: number, at: number, width: number) =>
    bytes.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1')
  Buffer.from(name).copy(bytes, 0, 0, 100)
  octal(mode, 100, 8)
  octal(uid, 108, 8)
  octal(gid, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  bytes.write(typeflag, 156, 'latin1')
  Buffer.from(link).copy(bytes, 157, 0, 100)
  bytes.write('ustar\x0000', 257, 'latin1')
  bytes.fill(' ', 148, 156)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return bytes
}
