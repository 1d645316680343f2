import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../host/lock.ts'
import { requireProgram } from './content/elf.ts'
import { unpackMembers } from './content/unpack.ts'
import { type FetchOptions, fetchVerified } from './fetch-verified.ts'
import { installedChecksum, programNames, recordRelease, releaseDirectory } from './installed.ts'
import { withoutSpace } from './problem.ts'
import type { ReleaseFile } from './table.ts'
import { removePartial } from './transfer/partial.ts'

export type InstallOptions = FetchOptions & { cacheDirectory: string }

/**
 * Puts a release into the cache, if it is not there: downloaded, its checksum verified, then unpacked, then renamed to its place.
 * Resolves with its directory, in which each program is under its name. Several processes can do it at once: one works, the
 * others wait. Throws ReleaseProblem; nothing is installed then.
 */
export async function installRelease(file: ReleaseFile, options: InstallOptions): Promise<string> {
  const directory = releaseDirectory(options.cacheDirectory, file)
  if (installedChecksum(directory, file) !== undefined) return directory
  await withLock(`${directory}.lock`, async () => {
    if (installedChecksum(directory, file) !== undefined) return
    rmSync(directory, { recursive: true, force: true })
    const partial = `${directory}.part`
    const verified = await fetchVerified(file, partial, options)
    const unfinished = `${directory}.unfinished`
    try {
      await unpack(file, partial, unfinished)
      recordRelease(unfinished, file, verified)
      renameSync(unfinished, directory)
    } catch (error) {
      throw withoutSpace(error as Error, file.url)
    } finally {
      rmSync(unfinished, { recursive: true, force: true })
      removePartial(partial)
    }
  })
  return directory
}

async function unpack(file: ReleaseFile, partial: string, directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { mode: 0o700 })
  if (file.members === undefined) renameSync(partial, join(directory, file.name))
  else await unpackMembers(partial, file.members, directory, file.url)
  for (const name of programNames(file)) {
    requireProgram(join(directory, name), file.architecture, file.url)
    chmodSync(join(directory, name), 0o755)
  }
}
