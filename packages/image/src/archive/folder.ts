import { type Chunks, collect } from '../blob.ts'
import { readTar } from '../layer/tar.ts'
import { Unreadable } from '../unreadable.ts'
import type { ReadRange } from './read-range.ts'

/** Files by their path: a folder, or an archive that is read like one. */
export type Folder = (path: string) => Chunks

const LARGEST_TEXT = 8 * 1024 ** 2

/** A folder of the file system. */
export function folderAt(directory: string, read: ReadRange): Folder {
  return (path) =>
    path.split('/').includes('..') ? missing(path) : named(read(`${directory}/${path}`), path)
}

/** The members of a tar archive, which is read once to find where each begins. */
export async function folderIn(archive: string, read: ReadRange): Promise<Folder> {
  const members = new Map<string, { start: number; end: number }>()
  for await (const { member } of readTar(named(read(archive), archive), () => false))
    if (member.kind === 'file')
      members.set(member.path, { start: member.offset, end: member.offset + member.size })
  return (path) => {
    const range = members.get(path)
    if (range === undefined) return missing(path)
    return range.start === range.end ? empty() : read(archive, range)
  }
}

/** A small file as a whole, or undefined where there is none. */
export async function smallFile(folder: Folder, path: string): Promise<Uint8Array | undefined> {
  try {
    return await collect(folder(path), LARGEST_TEXT)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

async function* named(chunks: Chunks, path: string): Chunks {
  try {
    yield* chunks
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Unreadable(`${path} cannot be read (${code})`)
  }
}

// biome-ignore lint/correctness/useYield: it only fails
async function* missing(path: string): Chunks {
  throw new Unreadable(`${path} is missing`)
}

async function* empty(): Chunks {}
