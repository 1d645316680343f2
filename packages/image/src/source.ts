import type { Chunks } from './blob.ts'

/** Where images are read from: a registry, a folder, an archive. */
export interface ImageSource {
  /** The manifest or index under a tag or digest. Throws Unreadable. */
  manifest(wanted: string): Promise<Uint8Array>
  /** The bytes of a blob, not verified yet. Throws Unreadable. */
  blob(digest: string): Chunks
}
