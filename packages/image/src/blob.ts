import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { Unreadable } from './unreadable.ts'

/** Bytes as they arrive. */
export type Chunks = AsyncIterable<Uint8Array>

/** How a manifest names a blob. */
export interface Descriptor {
  mediaType?: string
  digest: string
  size?: number
}

/** Whether a text is a digest and nothing that leads elsewhere in a path or a URL. */
export function isDigest(text: unknown): text is string {
  return typeof text === 'string' && /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text)
}

/** Passes bytes on and, at their end, refuses those that do not have the digest. */
export async function* verified(chunks: Chunks, digest: string): Chunks {
  if (!isDigest(digest)) throw new Unreadable(`"${digest}" is not a valid digest`)
  const [algorithm = '', expected] = digest.split(':')
  const hash = createHash(algorithm)
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') !== expected)
    throw new Unreadable(`digest mismatch: the content received for ${digest} is different`)
}

/** All bytes, refused above a limit. */
export async function collect(chunks: Chunks, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) throw new Unreadable(`a document of more than ${limit} bytes`)
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** `sha256:<hex>` of some bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** No document of an image is nested more deeply, and a million levels take hundreds of megabytes. */
const DEEPEST = 100

function isDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quoted && char === '\\') at++
    else if (char === '"') quoted = !quoted
    else if (!quoted && (char === '[' || char === '{')) {
      if (++depth > DEEPEST) return true
    } else if (!quoted && (char === ']' || char === '}')) depth--
  }
  return false
}

/** The object that some bytes are as JSON. */
export function parseObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  const text = Buffer.from(bytes).toString('utf8')
  if (isDeep(text)) throw new Unreadable(`${what} is nested more than ${DEEPEST} levels deep`)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // Reported below.
  }
  throw new Unreadable(`${what} is not a JSON object`)
}
