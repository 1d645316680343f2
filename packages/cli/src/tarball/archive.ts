import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { TarballProblem } from '@landfall/containerize'
import type { TarballService } from './declared.ts'

/** How the tarballs of addresses are brought to this machine. */
export interface DownloadOptions {
  /** Variables of the user: the cache, proxies. */
  env: Readonly<Record<string, string | undefined>>
  /** Only what is in the cache. */
  offline?: boolean
  /** Gets one line for each download that takes longer than a moment. */
  progress?: (line: string) => void
}

/** A checksum of landfall.yaml. */
interface Checksum {
  algorithm: 'sha256' | 'sha512'
  /** Lowercase hex. */
  hex: string
}

/**
 * The file of a tarball on this machine, with the checksum that landfall.yaml states: its own path, or a download in the cache. Throws
 * TarballProblem.
 */
export async function archiveOf(
  { file, url, settings }: Pick<TarballService, 'file' | 'url' | 'settings'>,
  options: DownloadOptions,
): Promise<string> {
  const { checksum: text } = settings
  const checksum = text === undefined ? undefined : readChecksum(text)
  if (url !== undefined) {
    const fetched = await downloaded(url, checksum, options)
    if (checksum !== undefined) return fetched.file
    throw new TarballProblem(
      'containerize/no-checksum',
      'it has no checksum, by which another file in its place would be noticed',
      `if the file is what you expect, add this line: checksum: ${fetched.checksum}`,
    )
  }
  if (checksum === undefined) return file
  const { algorithm, hex } = checksum
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat?.isDirectory())
    throw new TarballProblem(
      'containerize/invalid-checksum',
      'a directory has no checksum',
      'remove checksum',
    )
  if (stat === undefined) return file
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file), hash)
  const found = hash.digest('hex')
  if (found !== hex) throw mismatch(checksum, found)
  return file
}

/** Downloads the tarball of an address, unless it is in the cache; the checksum is the one that is stated, or that of the file. Throws TarballProblem. */
export async function downloaded(
  url: string,
  checksum: Checksum | undefined,
  { env, offline = false, progress }: DownloadOptions,
): Promise<{ file: string; checksum: string }> {
  const { defaultOptions, fetchFile } = await import('@landfall/local-cluster')
  const slow = setTimeout(() => progress?.(`downloading ${url.replace(/\?.*/, '?…')} …`), UNNOTICED)
  const fetched = await fetchFile(url, {
    ...{ cacheDirectory: defaultOptions(env).cacheDirectory, env, offline },
    ...(checksum !== undefined && { checksum }),
  }).finally(() => clearTimeout(slow))
  if (fetched.kind === 'file')
    return { file: fetched.file, checksum: `${fetched.checksum.algorithm}:${fetched.checksum.hex}` }
  if (fetched.kind === 'other' && checksum !== undefined)
    throw mismatch(checksum, fetched.checksum.hex)
  throw new TarballProblem(
    'containerize/not-downloaded',
    `it cannot be downloaded: ${fetched.kind === 'problem' ? fetched.problem : 'it is another file'}`,
    offline
      ? 'run the command once without --offline'
      : 'check the address and the proxy (HTTPS_PROXY), or download the file and use its path',
  )
}

/** Milliseconds after which a user wonders what a command waits for. */
const UNNOTICED = 2_000

/** Throws TarballProblem for what is not a checksum, or one that can be forged. */
function readChecksum(text: string): Checksum {
  const [, algorithm, hex = ''] = /^(sha256|sha512):([0-9a-f]+)$/i.exec(text.trim()) ?? []
  const name = algorithm?.toLowerCase()
  if (name === 'sha256' && hex.length === 64) return { algorithm: name, hex: hex.toLowerCase() }
  if (name === 'sha512' && hex.length === 128) return { algorithm: name, hex: hex.toLowerCase() }
  const weak = /^(sha-?1|md5)\b/i.exec(text.trim())?.[1]
  throw new TarballProblem(
    'containerize/invalid-checksum',
    weak === undefined
      ? `${text} is not a checksum`
      : `checksums with ${weak} are not accepted, because a file with the same one can be made`,
    'use sha256: with 64 or sha512: with 128 hexadecimal digits; releases have them in a file whose name ends with .sha256 or .sha512',
  )
}

function mismatch({ algorithm, hex }: Checksum, found: string): TarballProblem {
  return new TarballProblem(
    'containerize/wrong-checksum',
    `its checksum is ${algorithm}:${found}, not ${algorithm}:${hex}`,
    'the file is not used; compare both with what its publisher states',
  )
}
