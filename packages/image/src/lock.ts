import { type Diagnostic, toPointer } from '@landfall/diagnostic'
import type { ImageCode } from './codes.ts'
import type { ImageFacts } from './facts.ts'
import { areFacts } from './lock-shape.ts'

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
  const images = imagesOf(text)
  if (images === undefined) return { lock: new Map(), diagnostics: [unreadable('', LOCK_FILE)] }
  const entries = Object.entries(images)
  const broken = entries.filter(([, facts]) => !areFacts(facts))
  return {
    lock: new Map(entries.filter((entry): entry is [string, ImageFacts] => areFacts(entry[1]))),
    diagnostics: broken.map(([image]) => unreadable(toPointer(['images', image]), image)),
  }
}

function imagesOf(text: string): object | undefined {
  try {
    const { version, images } = JSON.parse(text) as { version?: unknown; images?: unknown }
    return version === VERSION && typeof images === 'object' && images !== null ? images : undefined
  } catch {
    return undefined
  }
}

function unreadable(path: string, what: string): Diagnostic & { code: ImageCode } {
  return {
    code: 'image/lock-syntax',
    severity: 'error',
    message:
      path === '' ? `${what} cannot be read` : `what ${LOCK_FILE} says of ${what} cannot be read`,
    path,
    at: { file: LOCK_FILE, start: 0, end: 0 },
    hint: 'delete the file, then write it anew: landfall lock',
  }
}

/** The text of a lock file: sorted, so that a change of one image is a change of its lines. */
export function printLock(lock: Lock): string {
  const images = Object.fromEntries([...lock].sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = JSON.stringify({ version: VERSION, images }, null, 2)
  // A user a line: an image has thirty of them.
  return `${text.replace(/\{\s+("uid": \d+),\s+("gid": \d+)\s+\}/g, '{ $1, $2 }')}\n`
}
