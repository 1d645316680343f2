import { normalize } from 'node:path/posix'
import type { Conversion } from '../../conversion.ts'

/** A path as trees compare it: without double slashes, dots and a slash at its end. */
export function cleanPath(path: string): string {
  return normalize(path).replace(/(.)\/+$/, '$1')
}

/** Whether a path is another one or below it. */
export function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root === '/' ? '' : root}/`)
}

/**
 * The path to which the links of the project lead: two binds through different links are one directory. A path that is not in
 * the directory of the project stays as it is written.
 */
export function behindLinks(conversion: Conversion, path: string): string {
  const { projectDirectory } = conversion
  if (conversion.files.linkTarget === undefined || !isWithin(path, projectDirectory)) return path
  const real = followed(conversion, path)
  const top = followed(conversion, projectDirectory)
  return isWithin(real, top) ? cleanPath(`${projectDirectory}/${real.slice(top.length)}`) : real
}

/** A path with all its links followed; where nothing is there, up to the part that is missing. */
function followed({ files }: Conversion, path: string): string {
  let found = ''
  for (const name of path.split('/').slice(1)) {
    const next = `${found}/${name}`
    found = files.linkTarget?.(next) ?? next
  }
  return found === '' ? '/' : found
}
