export type Chunks = AsyncIterable<Uint8Array>

/** An entry as an archive has it: nothing of it has been checked. */
export interface RawEntry {
  name: string
  kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other'
  /** What is `other`, or why it cannot be read: "a device". */
  what?: string
  mode: number
  /** Bytes of content, as the archive declares it. */
  size: number
  /** Of links. */
  target?: string
  /** The content, which can be read once and before the next entry. */
  content: () => Chunks
}

/** An entry whose path stays inside, with a mode that any user can read. */
export interface Entry {
  /** Relative, without `.`, `..` and slashes at its ends. */
  path: string
  kind: 'file' | 'directory' | 'symlink' | 'hardlink'
  /** 0o755 or 0o644. */
  mode: number
  size: number
  /** Of a symbolic link as written; of a hard link, the path of its file. */
  target?: string
  content: () => Chunks
}

/** No content. */
export async function* nothing(): Chunks {}
