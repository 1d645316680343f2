import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Where the files of releases are read: their own hosts, an address that has copies of them, or a directory of such copies. */
export type Place =
  | { kind: 'hosts' }
  | { kind: 'mirror'; url: string }
  | { kind: 'directory'; path: string }

export const releaseHosts: Place = { kind: 'hosts' }

/** The place that `LANDFALL_MIRROR` names: an http(s) address or a directory. Throws an Error if it is neither. */
export function placeOf(mirror: string | undefined): Place {
  if (mirror === undefined || mirror === '') return releaseHosts
  if (/^https?:\/\//.test(mirror)) {
    if (!URL.canParse(mirror)) throw new Error(`LANDFALL_MIRROR=${mirror} is not a valid address`)
    return { kind: 'mirror', url: mirror.replace(/\/+$/, '') }
  }
  const path = resolve(mirror)
  if (!existsSync(path) || !statSync(path).isDirectory())
    throw new Error(`LANDFALL_MIRROR=${mirror} is neither an http(s) address nor a directory`)
  return { kind: 'directory', path }
}

/** Where a file is: an http(s) address, or an absolute path. Copies are at `<host>/<path>` of the file's own address. */
export function locate(url: string, place: Place): string {
  if (place.kind === 'hosts') return url
  const { host, pathname } = new URL(url)
  if (place.kind === 'mirror') return `${place.url}/${host}${pathname}`
  const path = decodeURIComponent(pathname).slice(1)
  if (path.split('/').includes('..')) throw new Error(`${url} is not a valid address of a release`)
  return join(place.path, host, path)
}
