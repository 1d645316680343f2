import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { guardedEntries, openArchive, TarballProblem } from '@landfall/containerize'
import { streamNew } from '@landfall/local-cluster/new-file'

/** A file inside of an archive, and of archives in it: `x.tar.gz!/lib/x.jar!/schema.sql`. */
export interface MemberPath {
  /** The archive as it is written. */
  archive: string
  /** Paths, each inside of what the one before it names. */
  parts: readonly string[]
}

/** Reads a path with `!/`; undefined for any other. */
export function memberPath(text: string): MemberPath | undefined {
  const [archive = '', ...parts] = text.split('!/')
  return archive === '' || parts.length === 0 || parts.includes('') ? undefined : { archive, parts }
}

/** Writes a file of an archive to a path, as a whole or not at all. Throws TarballProblem. */
export async function writeMember(
  archive: string,
  parts: readonly string[],
  target: string,
): Promise<void> {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const work = mkdtempSync(join(dirname(target), 'new-'))
  try {
    let file = archive
    for (const [depth, part] of parts.entries()) {
      const place = join(work, String(depth))
      if (!(await writeEntry(file, part, place)))
        throw new TarballProblem(
          'containerize/no-file',
          `${parts.slice(0, depth + 1).join('!/')} is not in it`,
          'use the path below the top folder: x.tar.gz!/lib/x.jar!/schema.sql',
        )
      file = place
    }
    renameSync(file, target)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Whether an archive has the file, with its top folder or without it. */
async function writeEntry(archive: string, path: string, place: string): Promise<boolean> {
  for await (const entry of guardedEntries(await openArchive(archive))) {
    const below = entry.path.slice(entry.path.indexOf('/') + 1)
    if (entry.kind !== 'file' || (entry.path !== path && below !== path)) continue
    await pipeline(Readable.from(entry.content()), streamNew(place))
    return true
  }
  return false
}
