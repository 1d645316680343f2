import { posix } from 'node:path'
import { type PathPattern, pathPattern } from './path-pattern.ts'

/** What a build context leaves out. */
export interface Ignores {
  /** Whether a path (relative to the context, with `/`) is left out. */
  leavesOut: (path: string) => boolean
  /** Whether something below a folder that is left out may be brought back. */
  hasExceptions: boolean
  /** How many patterns there are. */
  patterns: number
}

/**
 * The meaning of a `.dockerignore` file, upper and lower case told apart as on Linux: the last pattern that matches a path or a
 * directory above it decides. A pattern that is not valid is passed over: the builder reports it.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function parseIgnoreFile(text: string): Ignores {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap(patternOf)
  const others = patterns.toReversed()
  return {
    leavesOut: (path) => {
      const places = withParents(path).map((place) => [...place])
      return others.find(({ fits }) => places.some((place) => fits(place)))?.out ?? false
    },
    hasExceptions: patterns.some(({ out }) => !out),
    patterns: patterns.length,
  }
}

function patternOf(line: string): { out: boolean; fits: PathPattern }[] {
  if (line.startsWith('#')) return []
  const written = line.trim()
  const cleaned = written.startsWith('!') ? `!${clean(written.slice(1))}` : clean(written)
  // `/!a` is an exception, too: the slash is removed first.
  const out = !cleaned.startsWith('!')
  const pattern = out ? cleaned : cleaned.slice(1)
  const fits = pattern === '' ? undefined : pathPattern(pattern)
  return fits === undefined ? [] : [{ out, fits }]
}

/** As Go's filepath.Clean, without the first slash. */
function clean(pattern: string): string {
  const trimmed = pattern.trim()
  if (trimmed === '') return ''
  return posix
    .normalize(trimmed)
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/(?=.)/, '')
}

/** `a/b/c`, `a/b` and `a`. */
function withParents(path: string): string[] {
  const places = [path]
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    places.push(path.slice(0, at))
  return places
}
