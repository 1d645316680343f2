import { join } from 'node:path'
import { type FileSystem, type LoadResult, readWithin } from '@landfall/compose'
import { type Diagnostic, ownValue } from '@landfall/diagnostic'
import {
  type ImageCode,
  LOCK_FILE,
  type Lock,
  type ParsedLock,
  parseLock,
  printLock,
} from '@landfall/image'
import { writeWhole } from '@landfall/local-cluster/write-whole'
import { shortPath } from '../display/words.ts'

/** Bytes: metadata of ten thousand images has less. */
const LARGEST_LOCK = 32 * 1024 * 1024

/** The content of the lock file of a project, empty if there is none; diagnostics have its path relative to `cwd`. */
export function readLock(projectDirectory: string, cwd: string, files: FileSystem): ParsedLock {
  const path = join(projectDirectory, LOCK_FILE)
  const file = shortPath(cwd, path)
  const read = readWithin(files, path, LARGEST_LOCK)
  if (!('bytes' in read))
    return {
      lock: new Map(),
      oneShots: [],
      contexts: new Map(),
      diagnostics: 'missing' in read ? [] : [unreadable(file, read.problem)],
    }
  const parsed = parseLock(Buffer.from(read.bytes).toString('utf8'))
  const at = { file, start: 0, end: 0 }
  return { ...parsed, diagnostics: parsed.diagnostics.map((problem) => ({ ...problem, at })) }
}

function unreadable(file: string, problem: string): Diagnostic<ImageCode> {
  return {
    code: 'image/lock-syntax',
    severity: 'error',
    message: `${file} ${problem}`,
    path: '',
    hint: 'remove it, then write it again with `landfall lock`',
  }
}

/** Writes the lock file; names that are no longer services are left out. Throws CannotWrite. */
export function writeLock(
  loaded: LoadResult,
  lock: Lock,
  { oneShots, contexts }: Pick<ParsedLock, 'oneShots' | 'contexts'>,
): void {
  const file = join(loaded.projectDirectory, LOCK_FILE)
  const known = oneShots.filter((name) => isService(name, loaded))
  writeWhole(file, printLock(lock, known, contexts))
}

/** One that no active profile enables is not in the project, but its key is in a file. */
function isService(name: string, { project, sources }: LoadResult): boolean {
  if (ownValue(project?.services, name) !== undefined) return true
  const key = new RegExp(`(^|[\\s{,])["']?${name.replace(/\W/g, '\\$&')}["']?\\s*:`, 'm')
  return [...sources.values()].some((text) => key.test(text))
}
