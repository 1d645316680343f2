import { readBounded } from '../host/read-bounded.ts'
import type { ReleaseFile, ReleaseTable } from './table.ts'

const LARGEST_TABLE = 1024 * 1024

/** Reads a table of releases from a file. Throws an Error with the file and what is wrong with it. */
export function readReleaseTable(file: string): ReleaseTable {
  const read = readBounded(file, LARGEST_TABLE)
  if (!read.ok) throw new Error(`${file} ${read.why}`)
  return parseReleaseTable(read.text, file)
}

/** The table in a text; `file` is its name in messages. */
export function parseReleaseTable(text: string, file: string): ReleaseTable {
  let table: unknown
  try {
    table = JSON.parse(text)
  } catch {
    throw new Error(`${file} is not a table of releases: it is not JSON`)
  }
  const files = (table as { files?: unknown } | null)?.files
  if (!Array.isArray(files)) throw new Error(`${file} is not a table of releases: no "files"`)
  for (const [index, entry] of files.entries()) {
    const problem = problemOf(entry as Partial<ReleaseFile>)
    if (problem !== undefined) throw new Error(`${file}: files[${index}]: ${problem}`)
  }
  return { files: files as ReleaseFile[] }
}

/** A name that can be one of a file: it becomes a part of a path. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i

function problemOf(entry: Partial<ReleaseFile> | null): string | undefined {
  if (typeof entry !== 'object' || entry === null) return 'is not an object'
  for (const key of ['name', 'version', 'architecture'] as const)
    if (!NAME.test(String(entry[key] ?? ''))) return `"${key}" is missing or not a valid name`
  const { sha256, sha512, checksums, members, limitMiB } = entry
  if (!isWeb(entry.url)) return '"url" is not an http or https address'
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) return '"sha256" is not one'
  if (sha512 !== undefined && !/^[0-9a-f]{128}$/.test(sha512)) return '"sha512" is not one'
  if (sha256 === undefined && sha512 === undefined && !isWeb(checksums))
    return 'it needs "sha256", "sha512" or "checksums"'
  if (members !== undefined && !Object.values(members).every((name) => NAME.test(name)))
    return '"members" has names that are not valid'
  if (!Number.isInteger(limitMiB) || (limitMiB ?? 0) < 1) return '"limitMiB" is not a number'
  return undefined
}

function isWeb(url: unknown): boolean {
  return typeof url === 'string' && /^https?:\/\/[^/\s]+\/\S+$/.test(url) && URL.canParse(url)
}
