import type { Diagnostic } from '@landfall/diagnostic'
import type { ImageCode } from './codes.ts'
import type { ImageFacts } from './facts.ts'

/** Its name in the folder of a project. */
export const LOCK_FILE = 'landfall.lock'

/** What is known of images, by their names as the project writes them. */
export type Lock = ReadonlyMap<string, ImageFacts>

const VERSION = 1

/** The facts of a lock file. A file that cannot be read is an error: without it the same project becomes other objects. */
export function parseLock(text: string): {
  lock: Lock
  diagnostics: (Diagnostic & { code: ImageCode })[]
} {
  try {
    const { version, images } = JSON.parse(text) as { version?: unknown; images?: unknown }
    if (version === VERSION && typeof images === 'object' && images !== null)
      return {
        lock: new Map(Object.entries(images as Record<string, ImageFacts>)),
        diagnostics: [],
      }
  } catch {
    // Told below.
  }
  return {
    lock: new Map(),
    diagnostics: [
      {
        code: 'image/lock-syntax',
        severity: 'error',
        message: `${LOCK_FILE} cannot be read`,
        path: '',
        at: { file: LOCK_FILE, start: 0, end: 0 },
        hint: `delete it, then write it anew: landfall lock`,
      },
    ],
  }
}

/** The text of a lock file: sorted, so that a change of one image is a change of its lines. */
export function printLock(lock: Lock): string {
  const images = Object.fromEntries([...lock].sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = JSON.stringify({ version: VERSION, images }, null, 2)
  // A user a line: an image has thirty of them.
  return `${text.replace(/\{\s+("uid": \d+),\s+("gid": \d+)\s+\}/g, '{ $1, $2 }')}\n`
}
