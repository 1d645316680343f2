import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileSystem } from '@landfall/compose'
import type { Diagnostic } from '@landfall/diagnostic'
import { LOCK_FILE, type Lock, parseLock, printLock } from '@landfall/image'

/** What is known of images beside a project; nothing where there is no lock file. */
export function readLock(
  projectDirectory: string,
  files: FileSystem,
): { lock: Lock; diagnostics: readonly Diagnostic[] } {
  const bytes = files.read(join(projectDirectory, LOCK_FILE))
  if (bytes === undefined) return { lock: new Map(), diagnostics: [] }
  return parseLock(Buffer.from(bytes).toString('utf8'))
}

/** Writes the lock file as a whole or not at all. */
export function writeLock(projectDirectory: string, lock: Lock): void {
  const file = join(projectDirectory, LOCK_FILE)
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, printLock(lock))
  renameSync(unfinished, file)
}
