import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SECRET_MODE, writeWhole } from '../host/write-whole.ts'
import type { ReleaseFile } from './table.ts'

/** In each directory of a release: where it came from, the checksum that was verified, and the sizes of its programs. */
const RECORD = 'release.json'

interface InstalledRelease {
  url: string
  checksum: string
  /** Bytes, by the name of the program. */
  programs: Record<string, number>
}

/** The directory of a release in the cache: another checksum is another directory. */
export function releaseDirectory(cacheDirectory: string, file: ReleaseFile): string {
  const { name, version, architecture, url, members } = file
  const content = file.sha256 ?? file.sha512 ?? url
  const key = createHash('sha256')
    .update(JSON.stringify([content, members]))
    .digest('hex')
  return join(cacheDirectory, 'releases', `${name}-${version}-${architecture}-${key.slice(0, 16)}`)
}

/** The names of the programs of a release. */
export function programNames({ name, members }: ReleaseFile): string[] {
  return members === undefined ? [name] : Object.values(members)
}

/** Writes what {@link isInstalled} reads. */
export function recordRelease(directory: string, file: ReleaseFile, checksum: string): void {
  const sizes = programNames(file).map((name) => [name, statSync(join(directory, name)).size])
  const record: InstalledRelease = {
    url: file.url,
    checksum,
    programs: Object.fromEntries(sizes) as Record<string, number>,
  }
  writeWhole(join(directory, RECORD), `${JSON.stringify(record, null, 1)}\n`, SECRET_MODE)
}

/** The checksum with which a release was verified, or undefined if it is not whole: each program must be a regular file of this user, with the recorded size. */
export function installedChecksum(directory: string, file: ReleaseFile): string | undefined {
  if (!lstatSync(directory, { throwIfNoEntry: false })?.isDirectory()) return undefined
  let record: InstalledRelease
  try {
    record = JSON.parse(readFileSync(join(directory, RECORD), 'utf8')) as InstalledRelease
  } catch {
    return undefined
  }
  const whole = programNames(file).every((name) => {
    const stat = lstatSync(join(directory, name), { throwIfNoEntry: false })
    return (
      stat?.isFile() && stat.uid === process.getuid?.() && stat.size === record.programs?.[name]
    )
  })
  return whole ? record.checksum : undefined
}
