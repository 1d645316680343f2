import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, machineClock } from '@landfall/kube'
import { withLock } from '../host/lock.ts'
import { proxyAgent } from '../host/proxy-agent.ts'
import { type Checksum, checksumOf } from '../releases/content/checksum.ts'
import { ReleaseProblem } from '../releases/problem.ts'
import { download, type Pace, usualPace } from '../releases/transfer/download.ts'
import { readPartial, removePartial } from '../releases/transfer/partial.ts'
import { addressProblem, withinScheme } from './allowed.ts'

export interface FetchFileOptions {
  cacheDirectory: string
  /** Variables of the user: proxies. */
  env: Readonly<Record<string, string | undefined>>
  /** What the file must be; if omitted, it is kept under its sha512. */
  checksum?: Checksum
  /** Only what is in the cache. */
  offline?: boolean
  /** Bytes; 2 GiB if omitted. */
  limit?: number
  pace?: Pace
  clock?: Clock
}

/** A file of an address on this machine, or why it is not. */
export type FetchedFile =
  | {
      kind: 'file'
      /** Absolute; in the cache, to be read only. */
      file: string
      checksum: Checksum
    }
  /** It is another file than expected, with this checksum; it is not kept. */
  | { kind: 'other'; checksum: Checksum }
  /** In one line. */
  | { kind: 'problem'; problem: string }

const LIMIT = 2 * 1024 ** 3

/** With pauses of 1 and 2 s between them. */
const ATTEMPTS = 3

/**
 * Brings a file of an https address (http: this machine alone) into the cache, in which its name is its checksum: whole and verified, or
 * not at all. A download that was cut is continued, also by the next call. Several processes can do it at once.
 */
export async function fetchFile(url: string, options: FetchFileOptions): Promise<FetchedFile> {
  const problem = addressProblem(url)
  if (problem !== undefined) return { kind: 'problem', problem }
  const { cacheDirectory, checksum } = options
  const root = join(cacheDirectory, 'downloads')
  const held = await heldFile(root, checksum)
  if (held !== undefined) return held
  if (options.offline)
    return { kind: 'problem', problem: 'it is not in the cache, and nothing is downloaded' }
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const name = createHash('sha256').update(url).digest('hex').slice(0, 32)
  const partial = join(root, `${name}.part`)
  try {
    return await withLock(
      `${partial}.lock`,
      // Another process may have brought it meanwhile.
      async () => (await heldFile(root, checksum)) ?? fetchTo(url, partial, root, options),
    )
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!(error instanceof ReleaseProblem) && code === undefined) throw error
    return { kind: 'problem', problem: message.replace(`${url}: `, '') }
  }
}

/** What is in the cache; a file there that was changed is removed. */
async function heldFile(
  root: string,
  checksum: Checksum | undefined,
): Promise<FetchedFile | undefined> {
  if (checksum === undefined) return undefined
  const file = placeOf(root, checksum)
  if (!existsSync(file)) return undefined
  if ((await checksumOf(file, checksum.algorithm)) === checksum.hex)
    return { kind: 'file', file, checksum }
  rmSync(file, { force: true })
  return undefined
}

function placeOf(root: string, { algorithm, hex }: Checksum): string {
  return join(root, `${algorithm}-${hex}`)
}

async function fetchTo(
  url: string,
  partial: string,
  root: string,
  options: FetchFileOptions,
): Promise<FetchedFile> {
  const { algorithm, hex: expected } = options.checksum ?? { algorithm: 'sha512' as const }
  const continued = readPartial(partial, url).bytes > 0
  await transfer(url, partial, options)
  const checksum: Checksum = { algorithm, hex: await checksumOf(partial, algorithm) }
  if (expected === undefined || checksum.hex === expected) {
    const file = placeOf(root, checksum)
    renameSync(partial, file)
    removePartial(partial)
    return { kind: 'file', file, checksum }
  }
  removePartial(partial)
  // The part that an earlier call left may have spoiled it.
  return continued ? fetchTo(url, partial, root, options) : { kind: 'other', checksum }
}

async function transfer(
  url: string,
  partial: string,
  { env, limit = LIMIT, pace = usualPace, clock = machineClock }: FetchFileOptions,
): Promise<void> {
  const agent = await proxyAgent(env)
  const refused: string[] = []
  const dispatcher = withinScheme(agent, url, (reason) => refused.push(reason))
  const { signal } = new AbortController()
  try {
    for (let attempt = 1; ; attempt++)
      try {
        await download({ url, partial, limit, dispatcher, signal, pace, onBytes: () => {} })
        return
      } catch (error) {
        if (refused[0] !== undefined) throw new ReleaseProblem(refused[0])
        const passing = error instanceof ReleaseProblem && error.passing
        if (!passing || attempt === ATTEMPTS) throw error
        await clock.sleep(1000 * 2 ** (attempt - 1))
      }
  } finally {
    await agent.close()
  }
}
