import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { ReleaseProblem } from '../problem.ts'

export interface Checksum {
  algorithm: 'sha256' | 'sha512'
  /** Lowercase hex. */
  hex: string
}

/** The checksum of a file's content. */
export async function checksumOf(file: string, algorithm: Checksum['algorithm']): Promise<string> {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Throws ReleaseProblem if the content of a file is another one than `expected`; `url` is its name in the message. */
export async function verifyChecksum(file: string, expected: Checksum, url: string): Promise<void> {
  const { algorithm, hex } = expected
  const found = await checksumOf(file, algorithm)
  if (found !== hex)
    throw new ReleaseProblem(
      `${url}: checksum mismatch: ${algorithm} is ${found}, expected ${hex}; the file is not used`,
    )
}

/** The sha256 of a file in a text of lines `<checksum>  <name>` (as `sha256sum` prints) or of one checksum alone. */
export function publishedChecksum(text: string, fileName: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, hex, name] = /^([0-9a-f]{64})(?:\s+\*?(?:\S*\/)?(\S+))?\s*$/.exec(line) ?? []
    if (hex !== undefined && (name === undefined || name === fileName)) return hex
  }
  return undefined
}
