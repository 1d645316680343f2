import { requireImageReference } from '@landfall/image'
import type { Progress } from '../contract.ts'
import type { CatalogImage, CatalogRelease } from './catalog.ts'
import { madeImage, offeredVersion } from './make.ts'
import { couldServeTag, idNumbers, isMoving, servesTag, versionTags } from './tags.ts'

/** What the catalog has for an image name. */
export type Selection =
  | {
      found: 'release'
      image: CatalogImage
      release: CatalogRelease
      version: string
      /** Of the program that the name promises, where another takes its place. */
      inPlaceOf?: string
      tag: string
    }
  | { found: 'other-versions'; image: CatalogImage; tags: readonly string[]; tag: string }
  /** Named by digest: these very bytes, which only the original has. */
  | { found: 'pinned' }
  | { found: 'nothing' }

/** Finds the release that may carry an image's tag. Versions are those in the cache, else those that are offered now. */
export async function selectRelease(
  catalog: readonly CatalogImage[],
  name: string,
  cacheDirectory: string,
  progress: Progress,
): Promise<Selection> {
  const { host, repository, tag, digest } = requireImageReference(name)
  if (host !== 'docker.io') return { found: 'nothing' }
  if (tag === undefined || digest !== undefined) return { found: 'pinned' }
  for (const image of catalog) {
    const substitute = image.inPlaceOf?.[repository]
    if (substitute === undefined && !image.names.includes(repository)) continue
    const tags: string[] = []
    for (const release of image.releases) {
      if (substitute === undefined && !couldServeTag(release, tag)) {
        if (release.suffixRequired !== true) tags.push(idNumbers(release).join('.'))
        continue
      }
      const version = await heldVersion(image, release, cacheDirectory, progress)
      const served =
        substitute === undefined
          ? servesTag(image, release, version, tag)
          : substitute.tags.includes(tag)
      if (served) {
        const inPlaceOf = substitute && { inPlaceOf: substitute.title }
        return { found: 'release', image, release, version, tag, ...inPlaceOf }
      }
      if (release.suffixRequired !== true) tags.push(...versionTags(version))
    }
    return { found: 'other-versions', image, tags: substitute?.tags ?? [...new Set(tags)], tag }
  }
  return { found: 'nothing' }
}

/** One sentence for people: what an image made from packages really is. */
export function describeSelection(selection: Extract<Selection, { found: 'release' }>): string {
  const { image, release, version, inPlaceOf, tag } = selection
  const source = sourceOf(release, version)
  if (inPlaceOf !== undefined) return `${image.title} in place of ${inPlaceOf}, made from ${source}`
  if (tag.includes('alpine')) return `made from ${source}, not Alpine's`
  if (isMoving(tag)) return `made from ${source}: the tag "${tag}" names no version`
  return `made from ${source}`
}

function sourceOf({ suite, version: from }: CatalogRelease, version: string): string {
  if ('suite' in from) return `Debian ${version} (${suite})`
  if ('debian' in from) return `Debian's ${from.debian} ${version}`
  return `the npm package ${from.npm.replace(/@.*|-\{arch\}/g, '')} ${version}`
}

async function heldVersion(
  image: CatalogImage,
  release: CatalogRelease,
  cacheDirectory: string,
  progress: Progress,
): Promise<string> {
  const made = await madeImage(image, release, cacheDirectory, progress)
  return made?.version ?? (await offeredVersion(release, cacheDirectory, progress))
}
