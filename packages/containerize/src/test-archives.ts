import { mkdtempSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'

/** An entry of a test's tarball: its name, and its content or its whole header. */
export type TestEntry = [
  name: string,
  content?: string | Buffer,
  header?: Partial<Header> & { pax?: Record<string, string> },
]

/** The bytes of a tar archive. */
export async function tarOf(entries: readonly TestEntry[]): Promise<Buffer> {
  const archive = pack()
  for (const [name, content = '', header] of entries) archive.entry({ name, ...header }, content)
  archive.finalize()
  return buffer(archive)
}

/** Writes an archive into a new directory for temporary files; gives its path. */
export async function writeArchive(name: string, bytes: Uint8Array): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'landfall-containerize-')), name)
  await writeFile(file, bytes)
  return file
}

/** A .tar.gz file with these entries. */
export async function tarball(...entries: TestEntry[]): Promise<string> {
  return writeArchive('x.tar.gz', gzipSync(await tarOf(entries)))
}
