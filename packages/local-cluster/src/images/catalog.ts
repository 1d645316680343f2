import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ContainerConfig } from '@landfall/image'
import { assetDirectory } from '../cache/assets.ts'

/** An image that can be made from packages: one folder under `images/`, described by its `image.json`. */
export interface CatalogImage {
  /** The folder's name. */
  id: string
  /** Absolute path of the folder: `image.json`, next to it `root/` (files) and `setup.sh`, where there are any. */
  directory: string
  /** What the program is called: "PostgreSQL". */
  title: string
  /** Repositories on Docker Hub under which it is known: `library/postgres`. */
  names: readonly string[]
  /** Repositories of another program that this one stands in for, with the tags it may answer to. */
  inPlaceOf?: Readonly<Record<string, { title: string; tags: readonly string[] }>>
  /** A Debian system with packages installed, or a few programs with the libraries they load and nothing else. */
  root: 'debian' | 'closure'
  /** The programs of a closure, absolute paths. */
  programs?: readonly string[]
  /** What may follow the version in a tag, without the dash: `bookworm`, `alpine`. The plain version is always served. */
  suffixes?: readonly string[]
  /** The first that fits a tag is taken; the first of all is `latest`. */
  releases: readonly CatalogRelease[]
  config: ContainerConfig
}

/** One version that an image can be had in. */
export interface CatalogRelease {
  /** Unique in the image, beginning with the first numbers of the version; `setup.sh` gets it as its argument. */
  id: string
  suite: Suite
  /** The Debian or npm package (`name@range`) whose version the tags are prefixes of, or the version of the suite itself. */
  version: { debian: string } | { npm: string } | { suite: string }
  /** Debian packages to install, with what they depend on; recommended ones are not. */
  packages: readonly string[]
  /** npm packages (`name@range`) whose archives `setup.sh` finds in `/run/downloads/<name>.tgz`. */
  npm?: readonly string[]
  /** Whole tags, in addition to those that follow from the version. */
  aliases?: readonly string[]
  /** In place of the image's. */
  suffixes?: readonly string[]
  /** A plain version without a suffix does not mean this release. */
  suffixRequired?: boolean
  /** Over the image's; `Env`, `ExposedPorts` and `Labels` are added to it. */
  config?: ContainerConfig
}

export type Suite = 'bookworm' | 'trixie'

/** All images that can be made, by the name of their folder. */
export function readCatalog(directory: string = assetDirectory('images')): CatalogImage[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'assembly')
    .map(({ name }) => name)
    .sort()
    .map((id) => {
      const described = JSON.parse(readFileSync(join(directory, id, 'image.json'), 'utf8'))
      return { ...described, id, directory: join(directory, id) } as CatalogImage
    })
}

/** The image's config with the release's laid over it. */
export function releaseConfig(image: CatalogImage, release: CatalogRelease): ContainerConfig {
  const { config: base } = image
  const over = release.config ?? {}
  const env = [...(base.Env ?? []), ...(over.Env ?? [])]
  const ports = { ...base.ExposedPorts, ...over.ExposedPorts }
  return {
    ...base,
    ...over,
    ...(env.length > 0 && { Env: env }),
    ...(Object.keys(ports).length > 0 && { ExposedPorts: ports }),
  }
}
