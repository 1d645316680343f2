import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileSystem, LoadResult } from '@landfall/compose'
import { ownValue } from '@landfall/diagnostic'
import { LOCK_FILE, type Lock, type ParsedLock, parseLock, printLock } from '@landfall/image'
import { shortPath } from '../display/words.ts'

/** The content of the lock file of a project, empty if there is none; diagnostics have its path relative to `cwd`. */
export function readLock(projectDirectory: string, cwd: string, files: FileSystem): ParsedLock {
  const path = join(projectDirectory, LOCK_FILE)
  const bytes = files.read(path)
  if (bytes === undefined) return { lock: new Map(), oneShots: [], diagnostics: [] }
  const parsed = parseLock(Buffer.from(bytes).toString('utf8'))
  const at = { file: shortPath(cwd, path), start: 0, end: 0 }
  return { ...parsed, diagnostics: parsed.diagnostics.map((problem) => ({ ...problem, at })) }
}

/** Writes the lock file as a whole or not at all; names that are no longer services are left out. */
export function writeLock(loaded: LoadResult, lock: Lock, oneShots: readonly string[]): void {
  const file = join(loaded.projectDirectory, LOCK_FILE)
  const unfinished = `${file}.${process.pid}`
  const known = oneShots.filter((name) => isService(name, loaded))
  writeFileSync(unfinished, printLock(lock, known))
  renameSync(unfinished, file)
}

/** One that no active profile enables is not in the project, but its key is in a file. */
function isService(name: string, { project, sources }: LoadResult): boolean {
  if (ownValue(project?.services, name) !== undefined) return true
  const key = new RegExp(`(^|[\\s{,])["']?${name.replace(/\W/g, '\\$&')}["']?\\s*:`, 'm')
  return [...sources.values()].some((text) => key.test(text))
}
