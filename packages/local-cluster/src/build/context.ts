import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  readdirSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Ignores, parseIgnoreFile } from '@landfall/image'
import { LARGEST_BUILD_FILE, openToRead, readBounded } from '../host/read-bounded.ts'

/**
 * A hash over the files that a build can see: paths, contents, the executable bit and where links point; not times and owners.
 * `dockerfile` is the absolute path whose own `.dockerignore` file, if there is one, takes the place of the context's.
 */
export function contextHash(context: string, dockerfile: string | undefined): string {
  const ignores = readIgnores(context, dockerfile)
  const hash = createHash('sha256')
  for (const path of visibleFiles(context, ignores)) {
    const full = join(context, path.name)
    if (path.link) hash.update(JSON.stringify([path.name, 'link', readlinkSync(full)]))
    else {
      const executable = (statSync(full).mode & 0o111) !== 0
      hashFile(full, executable, path.name, hash)
    }
  }
  return hash.digest('hex')
}

/** In parts: a file may be larger than the memory. */
function hashFile(file: string, executable: boolean, name: string, hash: Hash): void {
  const descriptor = openToRead(file)
  try {
    hash.update(JSON.stringify([name, executable, fstatSync(descriptor).size]))
    const buffer = new Uint8Array(1024 * 1024)
    for (let read = 1; read > 0; ) {
      read = readSync(descriptor, buffer, 0, buffer.length, null)
      hash.update(buffer.subarray(0, read))
    }
  } finally {
    closeSync(descriptor)
  }
}

/** Where the patterns may be of what a build leaves out, the first that exists is used. */
export function ignoreFiles(context: string, dockerfile: string | undefined): string[] {
  return [
    ...(dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`]),
    join(context, '.dockerignore'),
  ]
}

function readIgnores(context: string, dockerfile: string | undefined): Ignores {
  const file = ignoreFiles(context, dockerfile).find((candidate) => existsSync(candidate))
  const read = file === undefined ? undefined : readBounded(file, LARGEST_BUILD_FILE)
  return parseIgnoreFile(read?.ok === true ? read.text : '')
}

function visibleFiles(
  context: string,
  ignores: Ignores,
  under = '',
): { name: string; link: boolean }[] {
  return readdirSync(join(context, under), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = under === '' ? entry.name : `${under}/${entry.name}`
      const out = ignores.leavesOut(name)
      if (entry.isDirectory())
        return out && !ignores.hasExceptions ? [] : visibleFiles(context, ignores, name)
      if (out || !(entry.isFile() || entry.isSymbolicLink())) return []
      return [{ name, link: entry.isSymbolicLink() }]
    })
}
