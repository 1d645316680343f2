import { type Diagnostic, toPointer } from '@landfall/diagnostic'
import type { ImageCode } from './codes.ts'
import type { ImageFacts } from './facts.ts'
import { areFacts } from './lock-shape.ts'

/** Its name in the folder of a project. */
export const LOCK_FILE = 'landfall.lock'

/** What is known of images, by their names as the project writes them. */
export type Lock = ReadonlyMap<string, ImageFacts>

const VERSION = 1

/** The contents of a lock file. */
export interface ParsedLock {
  lock: Lock
  /** Services whose program ended with exit code 0 under `landfall up`, sorted. */
  oneShots: readonly string[]
  diagnostics: readonly Diagnostic<ImageCode>[]
}

/** Reads a lock file. One that cannot be read is an error: without it the same project becomes other objects. */
export function parseLock(text: string): ParsedLock {
  const { images, oneShots = [] } = contentOf(text) ?? {}
  if (images === undefined)
    return { lock: new Map(), oneShots: [], diagnostics: [unreadable('', LOCK_FILE)] }
  const entries = Object.entries(images)
  const broken = entries.filter(([, facts]) => !areFacts(facts))
  const named = areNames(oneShots)
  return {
    lock: new Map(entries.filter((entry): entry is [string, ImageFacts] => areFacts(entry[1]))),
    oneShots: named ? sorted(oneShots) : [],
    diagnostics: [
      ...broken.map(([image]) => unreadable(toPointer(['images', image]), image)),
      ...(named ? [] : [unreadable('/oneShots', 'one-shots')]),
    ],
  }
}

function contentOf(text: string): { images: object; oneShots?: unknown } | undefined {
  try {
    const { version, images, oneShots } = JSON.parse(text)
    return version === VERSION && typeof images === 'object' && images !== null
      ? { images, oneShots }
      : undefined
  } catch {
    return undefined
  }
}

function areNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort()
}

function unreadable(path: string, what: string): Diagnostic<ImageCode> {
  return {
    code: 'image/lock-syntax',
    severity: 'error',
    message:
      path === '' ? `${what} is not valid` : `the entry for ${what} in ${LOCK_FILE} is not valid`,
    path,
    at: { file: LOCK_FILE, start: 0, end: 0 },
    hint: 'delete the file, then write it again with `landfall lock`',
  }
}

/** The text of a lock file: sorted, so that a change of one image is a change of its lines. */
export function printLock(lock: Lock, oneShots: Iterable<string> = []): string {
  const images = Object.fromEntries([...lock].sort(([a], [b]) => (a < b ? -1 : 1)))
  const names = sorted(oneShots)
  const content = { version: VERSION, images, ...(names.length > 0 && { oneShots: names }) }
  const text = JSON.stringify(content, null, 2)
  // A user a line: an image has thirty of them.
  return `${text.replace(/\{\s+("uid": \d+),\s+("gid": \d+)\s+\}/g, '{ $1, $2 }')}\n`
}
