import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { ReadEntry } from 'tar'
import { streamNew } from '../../host/files/new-file.ts'
import { ReleaseProblem } from '../problem.ts'

/** Bytes of one program. */
const LARGEST_PROGRAM = 512 * 1024 ** 2

/**
 * Takes programs out of an archive (tar, also with gzip): `members` are their names in `directory` by their paths in the archive.
 * Nothing else is written, and no path of the archive is used as one of this machine. Throws ReleaseProblem.
 */
export async function unpackMembers(
  archive: string,
  members: Readonly<Record<string, string>>,
  directory: string,
  url: string,
): Promise<void> {
  const { list } = await import('tar')
  const left = new Map(Object.entries(members))
  const written: Promise<void>[] = []
  let problem: Error | undefined
  const take = (entry: ReadEntry): void => {
    const path = entry.path.replace(/^(?:\.\/)+/, '')
    const name = left.get(path)
    if (name === undefined) {
      entry.resume()
      return
    }
    left.delete(path)
    if (entry.type !== 'File' || entry.size > LARGEST_PROGRAM) {
      problem ??= new ReleaseProblem(`${url}: ${path} is not a program`)
      entry.resume()
      return
    }
    const target = streamNew(join(directory, name), 0o755)
    written.push(
      pipeline(entry as unknown as NodeJS.ReadableStream, target).catch((error: Error) => {
        problem ??= error
        entry.resume()
      }),
    )
  }
  try {
    await list({ file: archive, strict: true, onReadEntry: take })
    await Promise.all(written)
  } catch (error) {
    problem ??= new ReleaseProblem(`${url}: it cannot be unpacked: ${(error as Error).message}`)
  }
  if (problem !== undefined) throw problem
  if (left.size > 0)
    throw new ReleaseProblem(`${url}: there is no ${[...left.keys()].join(', ')} in it`)
}
