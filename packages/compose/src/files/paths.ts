import { cleanPath } from '../canonical/mount.ts'

/** A path from a directory, cleaned; an absolute one stays as it is written. */
export function resolvePath(directory: string, path: string): string {
  return path.startsWith('/') ? path : joinPath(directory, path)
}

/** Joined and cleaned, as Go's `path.Join`. */
export function joinPath(...parts: readonly string[]): string {
  return cleanPath(parts.filter((part) => part !== '').join('/'))
}

/** The directory of a path. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '.' : cleanPath(path.slice(0, slash + 1))
}

/** The way from one directory to another, both absolute; `.` where they are the same. */
export function relativePath(from: string, to: string): string {
  const start = from.split('/').filter(Boolean)
  const end = to.split('/').filter(Boolean)
  let shared = 0
  while (shared < start.length && shared < end.length && start[shared] === end[shared]) shared++
  return [...start.slice(shared).map(() => '..'), ...end.slice(shared)].join('/') || '.'
}

/** The last part of a path. */
export function baseName(path: string): string {
  return cleanPath(path).replace(/^.*\//, '')
}

/** The name that spans carry: relative to the working directory where the file lies below it. */
export function displayName(path: string, shownFrom: string): string {
  const prefix = shownFrom === '/' ? '/' : `${shownFrom}/`
  return path.startsWith(prefix) ? path.slice(prefix.length) : path
}

/** Whether a Windows path is absolute: those are kept, also on other systems. */
export function isWindowsAbsolute(path: string): boolean {
  return /^(?:[\s\S]:[\\/]|\\\\[^\\/]+[\\/]|\/\/[^\\/]+[\\/])/.test(path)
}
