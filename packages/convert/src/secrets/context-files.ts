import type { FileSystem } from '@landfall/compose'
import type { Ignores } from '@landfall/image'

/** Deeper than this a context is not searched. */
const DEEPEST = 20

/** Entries of a context that are looked at, which takes a tenth of a second. */
const MOST_ENTRIES = 20_000

/** Tests of an entry with a pattern: a second. */
const MOST_TESTS = 2_000_000

/** Directories of tools: what is in them was downloaded, and has keys of tests. */
const DOWNLOADED: ReadonlySet<string> = new Set([
  ...['node_modules', 'bower_components', 'vendor', 'venv', '.venv', 'site-packages'],
  ...['target', '__pycache__', '.terraform', '.gradle', '.tox'],
])

/** What a builder gets of a directory, as far as it matters here. */
export interface ContextFiles {
  /** Regular files, relative to the context. */
  files: readonly string[]
  /** FIFOs, sockets and devices. */
  special: readonly string[]
  /** Directories with the history of sources, whose files are not listed but `config`. */
  history: readonly string[]
}

/** Lists a build context without what `.dockerignore` leaves out. Links are not followed, and nothing is read. */
export function contextFiles(files: FileSystem, context: string, ignores: Ignores): ContextFiles {
  const found = { files: [] as string[], special: [] as string[], history: [] as string[] }
  let left = Math.min(MOST_ENTRIES, MOST_TESTS / Math.max(ignores.patterns, 1))
  const visit = (directory: string, depth: number): void => {
    for (const name of files.list(`${context}/${directory}`) ?? []) {
      left -= 1
      if (left < 0) return
      const path = directory === '' ? name : `${directory}/${name}`
      const full = `${context}/${path}`
      if (files.linkTarget?.(full) !== undefined) continue
      const kind = files.stat(full)?.kind
      const out = ignores.leavesOut(path)
      if (kind === 'directory') {
        const isHistory = name === '.git' || name === '.hg' || name === '.svn'
        if (isHistory && !out) {
          found.history.push(path)
          if (files.stat(`${full}/config`)?.kind === 'file') found.files.push(`${path}/config`)
        }
        const searched = !isHistory && !DOWNLOADED.has(name) && depth < DEEPEST
        if (searched && (!out || ignores.hasExceptions)) visit(path, depth + 1)
      } else if (!out && kind === 'file') found.files.push(path)
      else if (!out && kind === 'other') found.special.push(path)
    }
  }
  visit('', 0)
  return found
}
