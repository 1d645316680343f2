import { Readable } from 'node:stream'
import type { Header } from 'tar-stream'
import { TarballProblem } from '../problem.ts'
import { type Chunks, nothing, type RawEntry } from './entry.ts'

const KINDS: Readonly<Partial<Record<Header['type'], RawEntry['kind']>>> = {
  file: 'file',
  'contiguous-file': 'file',
  link: 'hardlink',
  symlink: 'symlink',
  directory: 'directory',
}

const OTHER: Readonly<Partial<Record<Header['type'], string>>> = {
  'character-device': 'a device',
  'block-device': 'a device',
  fifo: 'a FIFO',
}

/** The entries of a tar archive (ustar, pax, GNU), in their order. Throws TarballProblem for what is not one. */
export async function* readTar(chunks: Chunks): AsyncGenerator<RawEntry> {
  const { extract } = await import('tar-stream')
  const source = Readable.from(chunks)
  const archive = extract({ allowUnknownFormat: true } as object)
  let failed: Error | undefined
  source.on('error', (error) => {
    failed = error
    archive.destroy(error)
  })
  source.pipe(archive)
  try {
    for await (const entry of archive) {
      const { header } = entry
      yield { ...describe(header), content: () => entry as unknown as Chunks }
      entry.resume()
    }
  } catch (error) {
    const cause = failed ?? error
    if (cause instanceof TarballProblem) throw cause
    throw new TarballProblem(
      'containerize/damaged',
      `it is not a valid tar archive: ${(cause as Error).message}`,
      'download it again',
    )
  } finally {
    source.destroy()
  }
}

function describe(header: Header): RawEntry {
  const { name, type, size = 0, mode = 0, linkname } = header
  const pax = (header as { pax?: Readonly<Record<string, string>> | null }).pax ?? {}
  const sparse = Object.keys(pax).some((key) => key.startsWith('GNU.sparse.'))
  const kind = sparse ? 'other' : (KINDS[type] ?? 'other')
  // What tar-stream does not know is GNU's: sparse files (S), parts of volumes (M), and others.
  const what = sparse || (type as unknown) === null ? 'a sparse file' : (OTHER[type] ?? 'special')
  return {
    ...{ name, kind, mode, size: Number.isSafeInteger(size) && size >= 0 ? size : Infinity },
    ...(kind === 'other' && { what }),
    ...(linkname != null && { target: linkname }),
    content: nothing,
  }
}
