import { createHash } from 'node:crypto'
import { closeSync, createReadStream, readSync, renameSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type DownloadContext, shownUrl } from '@landfall/image'
import { openNew } from '../../host/files/new-file.ts'
import { proxyAgent } from '../../host/proxy-agent.ts'
import { openToRead } from '../../host/read-bounded.ts'
import { SECRET_MODE } from '../../host/write-whole.ts'
import { type ContextLimits, ContextProblem, tooLarge } from './limits.ts'

/** Downloads an address to a file; resolves with `sha256:…` of its content. Throws ContextProblem. */
export async function download(
  { url }: DownloadContext,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  limits: ContextLimits,
): Promise<string> {
  const [{ fetch }, dispatcher] = await Promise.all([import('undici'), proxyAgent(env)])
  const { username, password } = new URL(url)
  const plain = new URL(url)
  plain.username = ''
  plain.password = ''
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  const signal = AbortSignal.timeout(limits.time)
  const hash = createHash('sha256')
  const target = openNew(file, SECRET_MODE)
  let bytes = 0
  try {
    const answer = await fetch(plain, {
      dispatcher,
      signal,
      ...(username !== '' && { headers: { authorization: `Basic ${login.toString('base64')}` } }),
    })
    if (!answer.ok) throw new ContextProblem(`the server answers ${answer.status}`)
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.length
      if (bytes > limits.bytes) throw tooLarge(limits)
      hash.update(chunk)
      writeSync(target, chunk)
    }
  } catch (error) {
    if (error instanceof ContextProblem) throw error
    if (signal.aborted)
      throw new ContextProblem(`the download took longer than ${limits.time / 1000} s`)
    throw new ContextProblem(reasonOf(error as Error, url))
  } finally {
    closeSync(target)
    await dispatcher.close()
  }
  return `sha256:${hash.digest('hex')}`
}

function reasonOf({ message, cause }: Error, url: string): string {
  const text = cause instanceof Error && cause.message !== '' ? cause.message : message
  return text.replaceAll(url, shownUrl(url))
}

/**
 * Unpacks an archive (tar, also with gzip or zstd) into a directory, which must not exist; a text is a Dockerfile alone. Throws
 * ContextProblem, also for an archive with entries that lead out of the directory.
 */
export async function unpack(
  file: string,
  directory: string,
  limits: ContextLimits,
): Promise<void> {
  await mkdir(directory)
  const kind = kindOf(file)
  if (kind === 'text') return renameSync(file, join(directory, 'Dockerfile'))
  if (kind !== 'tar') throw new ContextProblem(kind)
  const { x: extract } = await import('tar')
  let problem: Error | undefined
  const left = { bytes: limits.bytes, entries: limits.entries }
  const unpacked = extract({
    cwd: directory,
    strict: true,
    preserveOwner: false,
    noMtime: true,
    filter: (_, entry) => {
      left.bytes -= entry.size ?? 0
      left.entries -= 1
      if (left.bytes < 0 || left.entries < 0) problem ??= tooLarge(limits)
      return problem === undefined
    },
  })
  try {
    await pipeline(createReadStream(file), unpacked)
  } catch (error) {
    problem ??= new ContextProblem(`the archive cannot be unpacked: ${(error as Error).message}`)
  }
  if (problem !== undefined) throw problem
}

/** What a file is by its first bytes: `tar`, `text`, or why it is neither. */
function kindOf(file: string): string {
  const head = headOf(file)
  const begins = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte)
  if (begins(0x1f, 0x8b) || begins(0x28, 0xb5, 0x2f, 0xfd)) return 'tar'
  if (head.subarray(257, 262).toString('latin1') === 'ustar') return 'tar'
  if (head.subarray(0, 3).toString('latin1') === 'BZh') return unread('bzip2')
  if (begins(0xfd, 0x37, 0x7a, 0x58)) return unread('xz')
  if (head.length === 0) return 'it is empty'
  if (head.includes(0)) return 'it is neither an archive nor a Dockerfile'
  const text = head.toString('latin1').trimStart().toLowerCase()
  if (/^<(?:!doctype|html|\?xml)/.test(text)) return 'it is a web page, not an archive'
  return 'text'
}

function unread(compression: string): string {
  return `archives that are compressed with ${compression} are not read: use tar.gz, or unpack it and set the context to the directory`
}

function headOf(file: string): Buffer {
  const head = Buffer.alloc(4096)
  const opened = openToRead(file)
  try {
    return head.subarray(0, readSync(opened, head, 0, head.length, 0))
  } finally {
    closeSync(opened)
  }
}
