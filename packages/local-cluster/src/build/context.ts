import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Ignores, parseIgnoreFile } from './ignore.ts'

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
      const content = readFileSync(full)
      hash.update(JSON.stringify([path.name, executable, content.length])).update(content)
    }
  }
  return hash.digest('hex')
}

function readIgnores(context: string, dockerfile: string | undefined): Ignores {
  const files = [
    ...(dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`]),
    join(context, '.dockerignore'),
  ]
  const file = files.find((candidate) => existsSync(candidate))
  return parseIgnoreFile(file === undefined ? '' : readFileSync(file, 'utf8'))
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
