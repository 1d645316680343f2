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
  /** Remote build contexts by their keys: a commit, or `sha256:…` of an archive. */
  contexts: ReadonlyMap<string, string>
  diagnostics: readonly Diagnostic<ImageCode>[]
}

/** Reads a lock file. One that cannot be read is an error: without it the same project becomes other objects. */
export function parseLock(text: string): ParsedLock {
  const { images, oneShots = [], contexts = {} } = contentOf(text) ?? {}
  if (images === undefined)
    return {
      ...{ lock: new Map(), oneShots: [], contexts: new Map() },
      diagnostics: [unreadable('', LOCK_FILE)],
    }
  const entries = Object.entries(images)
  const broken = entries.filter(([, facts]) => !areFacts(facts))
  const named = areNames(oneShots)
  const fetched = areRevisions(contexts)
  return {
    lock: new Map(entries.filter((entry): entry is [string, ImageFacts] => areFacts(entry[1]))),
    oneShots: named ? sorted(oneShots) : [],
    contexts: new Map(fetched ? Object.entries(contexts) : []),
    diagnostics: [
      ...broken.map(([image]) => unreadable(toPointer(['images', image]), image)),
      ...(named ? [] : [unreadable('/oneShots', 'one-shots')]),
      ...(fetched ? [] : [unreadable('/contexts', 'build contexts')]),
    ],
  }
}

function contentOf(
  text: string,
): { images: object; oneShots?: unknown; contexts?: unknown } | undefined {
  try {
    const { version, images, oneShots, contexts } = JSON.parse(text)
    return version === VERSION && typeof images === 'object' && images !== null
      ? { images, oneShots, contexts }
      : undefined
  } catch {
    return undefined
  }
}

function areNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

/** Commits (SHA-1 or SHA-256), and digests of archives. */
function areRevisions(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(
      (one) => typeof one === 'string' && /^(?:sha256:)?(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(one),
    )
  )
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
export function printLock(
  lock: Lock,
  oneShots: Iterable<string> = [],
  contexts: ReadonlyMap<string, string> = new Map(),
): string {
  const names = sorted(oneShots)
  const content = {
    version: VERSION,
    images: byName(lock),
    ...(contexts.size > 0 && { contexts: byName(contexts) }),
    ...(names.length > 0 && { oneShots: names }),
  }
  const text = JSON.stringify(content, null, 2)
  // A user a line: an image has thirty of them.
  return `${text.replace(/\{\s+("uid": \d+),\s+("gid": \d+)\s+\}/g, '{ $1, $2 }')}\n`
}

function byName<T>(entries: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
}
