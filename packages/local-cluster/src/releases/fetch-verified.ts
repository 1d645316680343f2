import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { type Clock, machineClock } from '@landfall/kube'
import type { Dispatcher } from 'undici'
import { copyNew } from '../host/files/new-file.ts'
import { type Checksum, publishedChecksum, verifyChecksum } from './content/checksum.ts'
import { ReleaseProblem, withoutSpace } from './problem.ts'
import type { ReleaseFile } from './table.ts'
import { type Download, download, type Pace, usualPace } from './transfer/download.ts'
import { removePartial } from './transfer/partial.ts'
import { locate, type Place, releaseHosts } from './transfer/place.ts'

export interface FetchOptions {
  place: Place
  dispatcher: Dispatcher
  signal: AbortSignal
  onBytes: Download['onBytes']
  pace?: Pace
  clock?: Clock
}

/** Of one file, with pauses of 1, 2 and 4 s between them. */
const ATTEMPTS = 4

/**
 * Downloads (or copies) a file to `partial`, and resolves with the checksum with which it was verified (`sha256:…`). What a mirror
 * does not have comes from the release's own host. Throws ReleaseProblem; a file with another checksum is not kept.
 */
export async function fetchVerified(
  file: ReleaseFile,
  partial: string,
  options: FetchOptions,
): Promise<string> {
  const expected = await expectedChecksum(file, partial, options)
  const name = `${expected.algorithm}:${expected.hex}`
  const limit = file.limitMiB * 1024 ** 2
  const source = await fromPlace(file.url, partial, limit, options)
  try {
    await verifyChecksum(partial, expected, source)
    return name
  } catch (error) {
    removePartial(partial)
    if (options.place.kind === 'directory') throw error
  }
  // A part of an older download, or a proxy, can have spoiled it.
  const again = await fromPlace(file.url, partial, limit, options)
  try {
    await verifyChecksum(partial, expected, again)
    return name
  } catch (error) {
    removePartial(partial)
    throw error
  }
}

/** Fetches a file from the place, else from its own host; resolves with where it came from. */
async function fromPlace(
  url: string,
  partial: string,
  limit: number,
  options: FetchOptions,
): Promise<string> {
  const source = locate(url, options.place)
  try {
    await fetchTo(source, partial, limit, options)
    return source
  } catch (error) {
    if (options.place.kind === 'hosts' || !(error as ReleaseProblem).absent) throw error
    const hosts = { ...options, place: releaseHosts }
    await fetchTo(url, partial, limit, hosts).catch((second: Error) => {
      throw new ReleaseProblem(`${(error as Error).message}; ${second.message}`)
    })
    return url
  }
}

async function fetchTo(
  source: string,
  partial: string,
  limit: number,
  options: FetchOptions,
): Promise<void> {
  if (options.place.kind === 'directory') return copyTo(source, partial, limit)
  const { dispatcher, signal, onBytes, pace = usualPace, clock = machineClock } = options
  for (let attempt = 1; ; attempt++)
    try {
      return await download({ url: source, partial, limit, dispatcher, signal, onBytes, pace })
    } catch (error) {
      const passing = error instanceof ReleaseProblem && error.passing
      if (!passing || attempt === ATTEMPTS) throw error
      await clock.sleep(1000 * 2 ** (attempt - 1))
    }
}

function copyTo(source: string, partial: string, limit: number): void {
  const stat = statSync(source, { throwIfNoEntry: false })
  if (!stat?.isFile()) throw new ReleaseProblem(`${source} does not exist`, 'absent')
  if (stat.size > limit) throw new ReleaseProblem(`${source} is larger than ${limit} bytes`)
  removePartial(partial)
  try {
    copyNew(source, partial)
  } catch (error) {
    removePartial(partial)
    throw withoutSpace(error as Error, source)
  }
}

/**
 * The checksum of the table, or the one that the release publishes. The second is only accepted over https (RFC 8446
 * authenticates the host) or from a directory of this machine.
 */
async function expectedChecksum(
  file: ReleaseFile,
  partial: string,
  options: FetchOptions,
): Promise<Checksum> {
  const { sha256, sha512, checksums } = file
  if (sha256 !== undefined) return { algorithm: 'sha256', hex: sha256 }
  if (sha512 !== undefined) return { algorithm: 'sha512', hex: sha512 }
  const source = locate(checksums ?? '', options.place)
  const secure = options.place.kind === 'directory' || source.startsWith('https://')
  if (!secure)
    throw new ReleaseProblem(
      `${file.name} ${file.version} has no checksum in the table of releases, and ${source} is not https: use a mirror with https or --releases with checksums`,
    )
  const text = `${partial}.checksums`
  try {
    await fetchTo(source, text, 1024 ** 2, { ...options, onBytes: () => {} })
    const hex = publishedChecksum(readFileSync(text, 'utf8'), basename(new URL(file.url).pathname))
    if (hex === undefined)
      throw new ReleaseProblem(`${source}: there is no checksum of ${file.url}`)
    return { algorithm: 'sha256', hex }
  } finally {
    removePartial(text)
  }
}
