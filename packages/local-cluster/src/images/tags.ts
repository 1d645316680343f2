import type { CatalogImage, CatalogRelease } from './catalog.ts'

/** The numbers at the head of a package's version: `5:7.0.15-1~deb12u10` is 7.0.15. */
export function upstreamVersion(packageVersion: string): string {
  const numbers = /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(packageVersion)?.[1]
  if (numbers === undefined)
    throw new Error(`"${packageVersion}" does not begin with a version number`)
  return numbers
}

/** A tag that names no version: what it means moves with time. */
export function isMoving(tag: string): boolean {
  return !/^\d/.test(tag)
}

/**
 * Whether an image of this release may carry the tag: a prefix of the version that it holds, whole numbers at a time, alone or
 * with one of the image's suffixes; `latest` or a suffix alone where the tag names no version.
 */
export function servesTag(
  image: CatalogImage,
  release: CatalogRelease,
  version: string,
  tag: string,
): boolean {
  if (release.aliases?.includes(tag)) return true
  const suffixes = release.suffixes ?? image.suffixes ?? []
  const parts = /^(\d+(?:\.\d+)*)?(?:(?:^|-)(.+))?$/.exec(tag)
  if (parts === null) return false
  const [, numbers, suffix] = parts
  if (numbers !== undefined && !`${version}.`.startsWith(`${numbers}.`)) return false
  const isPlain = suffix === undefined || (numbers === undefined && suffix === 'latest')
  return isPlain ? release.suffixRequired !== true : suffixes.includes(suffix)
}

/**
 * Whether a release could serve a tag, by its id alone, which begins with the first numbers of its version: 15 could be
 * `15.3` or `latest`, never `16`. Saves looking up versions that cannot match.
 */
export function couldServeTag(release: CatalogRelease, tag: string): boolean {
  if (release.aliases?.includes(tag)) return true
  const wanted = /^\d+(?:\.\d+)*/.exec(tag)?.[0].split('.') ?? []
  return idNumbers(release).every((number, index) => (wanted[index] ?? number) === number)
}

/** The numbers at the head of a release's id: `3.10-management` begins with 3 and 10. */
export function idNumbers({ id }: CatalogRelease): string[] {
  return /^\d+(?:\.\d+)*/.exec(id)?.[0].split('.') ?? []
}

/** The plain tags of a version, the shortest first: 15.20 is `15` and `15.20`. */
export function versionTags(version: string): string[] {
  const numbers = version.split('.')
  return numbers.map((_, index) => numbers.slice(0, index + 1).join('.'))
}

/** The order of versions made of numbers alone: 18.9.1 comes before 18.20.0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  const at = left.findIndex((number, index) => number !== right[index])
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1)
}
