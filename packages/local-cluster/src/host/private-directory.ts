import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes directories that only their owner can enter, whatever the umask; one that is there already is closed too. Those of another
 * user and those that all users share (sticky, as /tmp) are left as they are.
 */
export function keepPrivate(...directories: readonly string[]): void {
  for (const directory of directories) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const { mode, uid } = statSync(directory)
    if (uid !== process.getuid?.() || (mode & 0o1000) !== 0) continue
    if ((mode & 0o777) !== 0o700) chmodSync(directory, 0o700)
  }
}

/** Whether root without capabilities cannot reach a path, because a directory above it is another user's and closed. */
export function isClosedToRoot(path: string): boolean {
  for (let at = resolve(path); at !== dirname(at); at = dirname(at)) {
    const { mode, uid } = statSync(at)
    if (uid !== 0 && (mode & 0o001) === 0) return true
  }
  return false
}
