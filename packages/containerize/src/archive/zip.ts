import { createReadStream } from 'node:fs'
import { createInflateRaw } from 'node:zlib'
import { TarballProblem } from '../problem.ts'
import { type Chunks, nothing, type RawEntry } from './entry.ts'
import { damaged, readDirectory, readExactly, type ZipEntry } from './zip-directory.ts'

/** The entries of a zip archive in the order of its central directory, which alone has the modes. Throws TarballProblem. */
export async function* readZip(file: string, size: number): AsyncGenerator<RawEntry> {
  for await (const entry of readDirectory(file, size)) {
    const raw = describe(entry)
    const content = () => inflated(file, entry)
    if (raw.kind === 'symlink') yield { ...raw, target: await linkTarget(content(), entry) }
    else yield { ...raw, content: raw.kind === 'file' ? content : nothing }
  }
}

const LONGEST_TARGET = 4096

async function linkTarget(content: Chunks, { name, size }: ZipEntry): Promise<string> {
  if (size > LONGEST_TARGET) throw damaged(`${name} is a link of ${size} bytes`)
  const parts: Uint8Array[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function describe({ name, size, mode, encrypted, method }: ZipEntry): RawEntry {
  const common = { name, size, mode: mode & 0o7777, content: nothing }
  if (encrypted) return { ...common, kind: 'other', what: 'an encrypted file' }
  if (method !== 0 && method !== 8)
    return { ...common, kind: 'other', what: `a file with the compression method ${method}` }
  const format = mode & 0o170000
  if (name.endsWith('/') || format === 0o040000) return { ...common, kind: 'directory' }
  if (format === 0o120000) return { ...common, kind: 'symlink' }
  return format === 0 || format === 0o100000
    ? { ...common, kind: 'file' }
    : { ...common, kind: 'other', what: 'a device' }
}

/** The content of an entry; never more bytes than the directory declares. */
async function* inflated(file: string, entry: ZipEntry): Chunks {
  const header = await readExactly(file, entry.offset, 30)
  if (header.readUInt32LE(0) !== 0x04034b50) throw damaged(`${entry.name} has no header`)
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  if (entry.packed === 0) return
  const source = createReadStream(file, { start, end: start + entry.packed - 1 })
  const inflate = entry.method === 8 ? createInflateRaw() : undefined
  source.on('error', (error) => inflate?.destroy(error))
  let read = 0
  try {
    for await (const chunk of inflate === undefined ? source : source.pipe(inflate)) {
      read += chunk.length
      if (read > entry.size) throw damaged(`${entry.name} is larger than it declares`)
      yield chunk
    }
  } catch (error) {
    throw error instanceof TarballProblem
      ? error
      : damaged(`${entry.name}: ${(error as Error).message}`)
  } finally {
    source.destroy()
  }
  if (read !== entry.size) throw damaged(`${entry.name} is shorter than it declares`)
}
