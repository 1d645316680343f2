import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileSystem, LoadResult } from '@landfall/compose'
import { LOCK_FILE, type Lock, type ParsedLock, parseLock, printLock } from '@landfall/image'

/** What the lock file beside a project says; nothing where there is none. */
export function readLock(projectDirectory: string, files: FileSystem): ParsedLock {
  const bytes = files.read(join(projectDirectory, LOCK_FILE))
  if (bytes === undefined) return { lock: new Map(), oneShots: [], diagnostics: [] }
  return parseLock(Buffer.from(bytes).toString('utf8'))
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
  if (project?.services[name] !== undefined) return true
  const key = new RegExp(`(^|[\\s{,])["']?${name.replace(/\W/g, '\\$&')}["']?\\s*:`, 'm')
  return [...sources.values()].some((text) => key.test(text))
}
