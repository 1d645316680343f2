import { createReadStream, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { nothing, type RawEntry } from './entry.ts'

/** A directory as if it were an archive, in the order of its names. */
export async function* readFolder(root: string, under = ''): AsyncGenerator<RawEntry> {
  for (const name of readdirSync(join(root, under)).sort()) {
    const path = under === '' ? name : `${under}/${name}`
    const file = join(root, path)
    const stat = lstatSync(file)
    const { mode, size } = stat
    if (stat.isDirectory()) {
      yield { name: path, kind: 'directory', mode, size: 0, content: nothing }
      yield* readFolder(root, path)
    } else if (stat.isSymbolicLink())
      yield {
        ...{ name: path, kind: 'symlink', mode, size: 0, content: nothing },
        target: readlinkSync(file),
      }
    else if (stat.isFile())
      yield { name: path, kind: 'file', mode, size, content: () => createReadStream(file) }
    else yield { name: path, kind: 'other', what: 'special', mode, size: 0, content: nothing }
  }
}
