import type { Chunks } from './blob.ts'
import type { Budget } from './budget.ts'

/** Where images are read from: a registry, a folder, an archive. */
export interface ImageSource {
  /** What reading it may cost; that of one image if omitted. */
  budget?: Budget
  /** The manifest or index under a tag or digest. Throws Unreadable. */
  manifest(wanted: string): Promise<Uint8Array>
  /** The bytes of a blob, not verified yet. Throws Unreadable. */
  blob(digest: string): Chunks
}
