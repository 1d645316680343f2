import { ReleaseProblem } from '../problem.ts'
import type { ReleaseFile } from '../table.ts'
import { locate } from '../transfer/place.ts'

/** The first entry of a bundle. The others are files of releases and their checksum files, at `<host>/<path>` of their addresses. */
export const MANIFEST = 'landfall-bundle.json'

interface BundleManifest {
  /** Of the format. */
  bundle: 1
  architecture: string
  /** By the names of the table of releases. */
  versions: Record<string, string>
}

export function manifestOf(files: readonly ReleaseFile[], architecture: string): BundleManifest {
  const versions = Object.fromEntries(files.map(({ name, version }) => [name, version]))
  return { bundle: 1, architecture, versions }
}

/** Throws ReleaseProblem if a manifest is not one of a bundle with exactly these files. `bundle` is its name in messages. */
export function requireManifest(
  text: string,
  files: readonly ReleaseFile[],
  architecture: string,
  bundle: string,
): void {
  const found = parse(text)
  if (found?.bundle !== 1)
    throw new ReleaseProblem(`${bundle} is not a bundle of this version of Landfall`)
  if (found.architecture !== architecture)
    throw new ReleaseProblem(
      `${bundle} is for linux/${found.architecture}; this machine is linux/${architecture}`,
    )
  for (const { name, version } of files)
    if (found.versions?.[name] !== version)
      throw new ReleaseProblem(
        `${bundle} has ${name} ${found.versions?.[name]}, but ${version} is needed: make it with the same version of Landfall and the same --releases`,
      )
}

/** The names of the entries of a bundle, and the most bytes of each. */
export function entriesOf(files: readonly ReleaseFile[]): Map<string, number> {
  const top = { kind: 'directory', path: '/' } as const
  const entries = new Map<string, number>()
  for (const { url, checksums, limitMiB } of files) {
    entries.set(locate(url, top).slice(1), limitMiB * 1024 ** 2)
    if (checksums !== undefined) entries.set(locate(checksums, top).slice(1), 1024 ** 2)
  }
  return entries
}

function parse(text: string): Partial<BundleManifest> | null {
  try {
    return JSON.parse(text) as Partial<BundleManifest> | null
  } catch {
    return null
  }
}
