import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ReadEntry } from 'tar'
import { architecture } from '../../host/architecture.ts'
import { streamNew } from '../../host/files/new-file.ts'
import { keepPrivate } from '../../host/private-directory.ts'
import { SECRET_MODE } from '../../host/write-whole.ts'
import { ReleaseProblem, withoutSpace } from '../problem.ts'
import { type ReleaseTable, releaseFiles } from '../table.ts'
import type { Place } from '../transfer/place.ts'
import { entriesOf, MANIFEST, requireManifest } from './manifest.ts'

const LARGEST_MANIFEST = 1024 ** 2

/**
 * Runs `work` with a directory that has the files of a bundle. Only those of the table are unpacked; `work` verifies their checksums.
 * Throws ReleaseProblem for what is not a bundle, or not one of these releases for this machine.
 */
export async function withBundle<T>(
  bundle: string,
  table: ReleaseTable,
  cacheDirectory: string,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  if (!existsSync(bundle)) throw new ReleaseProblem(`${bundle} does not exist`)
  const files = Object.values(releaseFiles(table))
  keepPrivate(cacheDirectory)
  const directory = mkdtempSync(join(cacheDirectory, 'bundle-'))
  try {
    await unpackEntries(bundle, directory, new Map([[MANIFEST, LARGEST_MANIFEST]]))
    const manifest = readFileSync(join(directory, MANIFEST), 'utf8')
    requireManifest(manifest, files, architecture, bundle)
    await unpackEntries(bundle, directory, entriesOf(files))
    return await work({ kind: 'directory', path: directory })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Unpacks the entries of these names, each a regular file of at most so many bytes. Throws ReleaseProblem, also if one is missing. */
async function unpackEntries(
  bundle: string,
  directory: string,
  entries: ReadonlyMap<string, number>,
): Promise<void> {
  const { list } = await import('tar')
  const left = new Map(entries)
  let tooLarge: string | undefined
  const written: Promise<void>[] = []
  const onReadEntry = (entry: ReadEntry): void => {
    const limit = left.get(entry.path)
    if (limit !== undefined && entry.size > limit) tooLarge ??= entry.path
    if (limit === undefined || entry.type !== 'File' || entry.size > limit) {
      entry.resume()
      return
    }
    left.delete(entry.path)
    const path = join(directory, entry.path)
    mkdirSync(dirname(path), { recursive: true })
    const target = streamNew(path, SECRET_MODE)
    const one = pipeline(entry as unknown as NodeJS.ReadableStream, target)
    // It is reported when all have ended; until then it must not count as unhandled.
    one.catch(() => entry.resume())
    written.push(one)
  }
  try {
    await list({ file: bundle, strict: true, onReadEntry })
    await Promise.all(written)
  } catch (error) {
    const known = withoutSpace(error as Error, bundle)
    throw known instanceof ReleaseProblem
      ? known
      : new ReleaseProblem(`${bundle} cannot be unpacked: ${known.message}`)
  }
  if (tooLarge !== undefined)
    throw new ReleaseProblem(`${bundle}: ${tooLarge} is larger than the table of releases allows`)
  if (left.size > 0)
    throw new ReleaseProblem(
      `${bundle} is not a whole bundle: there is no ${[...left.keys()][0]} in it`,
    )
}
