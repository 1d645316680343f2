import dockerignore from '@balena/dockerignore'

/** What a build context leaves out. */
export interface Ignores {
  /** Whether a path (relative to the context, with `/`) is left out. */
  leavesOut: (path: string) => boolean
  /** Whether something below a folder that is left out may be brought back. */
  hasExceptions: boolean
}

/**
 * The meaning of a `.dockerignore` file, upper and lower case told apart as on Linux. A pattern that is not valid is passed
 * over: the builder reports it. https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function parseIgnoreFile(text: string): Ignores {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map(literal)
    .filter(isValid)
  const ignores = dockerignore.default({ ignorecase: false }).add(patterns)
  return {
    leavesOut: (path) => ignores.ignores(path),
    // `/!a` is one, too.
    hasExceptions: patterns.some((pattern) => pattern.includes('!')),
  }
}

/** The library hands these on to a regular expression, where they would mean something that they do not in a pattern. */
function literal(pattern: string): string {
  return pattern.replace(/\\.|\[\^|[+(){}|^]/g, (found) =>
    found.length > 1 ? found : `\\${found}`,
  )
}

function isValid(pattern: string): boolean {
  try {
    dockerignore.default().add(pattern).ignores('a')
    return true
  } catch {
    return false
  }
}
