import type { Chunks, Entry } from '../archive/entry.ts'
import { guardedEntries, LIMITS, type Limits } from '../archive/guard.ts'
import { type Archive, openArchive } from '../archive/open.ts'
import { classMajor, jarMajor } from './class-version.ts'

/** A file of a tarball, by its path below the top folder. */
export interface ScannedFile {
  size: number
  executable: boolean
  /** Of files that are short and look like text. */
  text?: string
  /** The class file version of a class or of the classes in a jar. */
  classMajor?: number
  /** Where a link leads, as written. */
  target?: string
}

/** What was read of a tarball, without the one top folder that all entries share. */
export interface Scan {
  kind: Archive['kind']
  /** The top folder that is left out; '' if there is none. */
  top: string
  files: ReadonlyMap<string, ScannedFile>
  directories: ReadonlySet<string>
  /** Bytes of all files. */
  unpacked: number
}

/** Bytes of one file, and of all together, that are looked at. */
const LARGEST_TEXT = 256 * 1024
const MOST_TEXT = 24 * 1024 ** 2
const LARGEST_JAR = 16 * 1024 ** 2
const MOST_JARS = 128 * 1024 ** 2

/** Names of files that hold no settings and no commands. */
const NOT_TEXT =
  /\.(class|jar|war|ear|zip|gz|so|dll|exe|png|gif|jpe?g|ico|svg|css|js|map|html?|woff2?|ttf|eot|pdf)$/i

/** Reads a tarball once, from its start to its end. Throws TarballProblem. */
export async function scanTarball(file: string, limits: Limits = LIMITS): Promise<Scan> {
  const archive = await openArchive(file)
  const files = new Map<string, ScannedFile>()
  const directories = new Set<string>()
  const left = { text: MOST_TEXT, jars: MOST_JARS }
  let unpacked = 0
  for await (const entry of guardedEntries(archive, limits)) {
    for (let at = entry.path.indexOf('/'); at !== -1; at = entry.path.indexOf('/', at + 1))
      directories.add(entry.path.slice(0, at))
    if (entry.kind === 'directory') directories.add(entry.path)
    else files.set(entry.path, await look(entry, files, left))
    unpacked += entry.size
  }
  return { kind: archive.kind, unpacked, ...withoutTop(files, directories) }
}

async function look(
  entry: Entry,
  files: ReadonlyMap<string, ScannedFile>,
  left: { text: number; jars: number },
): Promise<ScannedFile> {
  const { path, size, mode, kind, target } = entry
  if (kind === 'symlink') return { size: 0, executable: false, ...(target && { target }) }
  if (kind === 'hardlink') return files.get(target ?? '') ?? { size: 0, executable: false }
  const file: ScannedFile = { size, executable: mode === 0o755 }
  if (/\.jar$/i.test(path) && size <= LARGEST_JAR && size <= left.jars) {
    left.jars -= size
    const major = jarMajor(await bytesOf(entry.content()))
    return { ...file, ...(major !== undefined && { classMajor: major }) }
  }
  if (/\.class$/i.test(path) && size <= LARGEST_TEXT) {
    const major = classMajor(await bytesOf(entry.content()))
    return { ...file, ...(major !== undefined && { classMajor: major }) }
  }
  if (size === 0) return { ...file, text: '' }
  if (size > LARGEST_TEXT || size > left.text || NOT_TEXT.test(path)) return file
  const bytes = await bytesOf(entry.content())
  if (bytes.includes(0)) return file
  left.text -= size
  return { ...file, text: bytes.toString('utf8') }
}

async function bytesOf(content: Chunks): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts)
}

/** Paths without the top folder, if every entry is below the same one. */
function withoutTop(
  files: ReadonlyMap<string, ScannedFile>,
  directories: ReadonlySet<string>,
): Pick<Scan, 'top' | 'files' | 'directories'> {
  const all = [...files.keys(), ...directories]
  const top = all[0]?.split('/')[0] ?? ''
  const shared =
    top !== '' && !files.has(top) && all.every((path) => path === top || path.startsWith(`${top}/`))
  if (!shared) return { top: '', files, directories }
  const below = (path: string): string => path.slice(top.length + 1)
  return {
    top,
    files: new Map([...files].map(([path, file]) => [below(path), file])),
    directories: new Set([...directories].map(below).filter((path) => path !== '')),
  }
}
