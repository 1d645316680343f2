import { buffer } from 'node:stream/consumers'

/** One file, directory or link of an archive. The time of all of them is 1970-01-01. */
export type TarEntry = {
  /** With or without a leading slash; directories need no trailing one. */
  path: string
  /** Permission bits such as `0o644`; by default 0o755 for directories, 0o644 for files, 0o777 for links. */
  mode?: number
  /** Numeric owner; root if omitted. */
  uid?: number
  gid?: number
} & (
  | { type: 'file'; content: string | Uint8Array }
  | { type: 'directory' }
  /** `target` is kept as it is. */
  | { type: 'symlink'; target: string }
)

const modes = { file: 0o644, symlink: 0o777, directory: 0o755 }

/**
 * A tar archive in the order given: the same entries are the same bytes. Names over the limits of ustar, or not ASCII, are
 * carried in pax headers (POSIX.1-2001), which every container runtime reads.
 */
export async function tarArchive(entries: readonly TarEntry[]): Promise<Buffer> {
  // Loaded here: most commands write no archive.
  const { pack } = await import('tar-stream')
  const archive = pack()
  const bytes = buffer(archive)
  for (const entry of entries) {
    const header = {
      name: entry.path.replace(/^\/+|\/+$/g, '') + (entry.type === 'directory' ? '/' : ''),
      type: entry.type,
      mode: entry.mode ?? modes[entry.type],
      uid: entry.uid ?? 0,
      gid: entry.gid ?? 0,
      mtime: new Date(0),
    }
    if (entry.type === 'file') archive.entry(header, Buffer.from(entry.content))
    else archive.entry(entry.type === 'symlink' ? { ...header, linkname: entry.target } : header)
  }
  archive.finalize()
  return bytes
}
