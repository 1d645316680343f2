import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Writes a file under a temporary name and renames it, so that a reader sees the old text or the new one. Throws Node's errors. */
export function writeFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const fresh = join(dirname(file), `.${basename(file)}.new-${process.pid}`)
  try {
    writeFileSync(fresh, text)
    renameSync(fresh, file)
  } finally {
    rmSync(fresh, { force: true })
  }
}
