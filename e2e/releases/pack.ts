import { createHash } from 'node:crypto'
import {
  copyFileSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { tarArchive } from '../../packages/image/src/push/tar-archive.ts'
import { releaseFiles, releaseTable } from '../../packages/local-cluster/src/releases/table.ts'

/**
 * Lays programs out as the official releases are, below a directory that can be a mirror, and writes their table. `programs` are
 * the paths of the programs of this machine by the names that the archives give them. Resolves with the path of the table.
 */
export async function packReleases(
  directory: string,
  programs: Readonly<Record<string, string>>,
): Promise<string> {
  const files = []
  for (const file of Object.values(releaseFiles(releaseTable))) {
    const { host, pathname } = new URL(file.url)
    const path = join(directory, host, pathname)
    mkdirSync(dirname(path), { recursive: true })
    const { checksums: _, ...entry } = file
    if (file.members === undefined) copyFileSync(programs[file.name] ?? '', path)
    else await pack(path, file.members, programs)
    files.push({ ...entry, limitMiB: 400, sha256: await sha256(path) })
  }
  const table = join(directory, 'releases.json')
  writeFileSync(table, JSON.stringify({ files }, null, 1))
  return table
}

async function pack(
  path: string,
  members: Readonly<Record<string, string>>,
  programs: Readonly<Record<string, string>>,
): Promise<void> {
  const entries = Object.entries(members).map(([name, program]) => ({
    path: name,
    type: 'file' as const,
    content: readFileSync(programs[program] ?? ''),
    mode: 0o755,
  }))
  const gzip = createGzip({ level: 1 })
  gzip.end(await tarArchive(entries))
  await pipeline(gzip, createWriteStream(path))
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Serves the files of a directory on 127.0.0.1; resolves with the address. */
export async function serve(directory: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = join(directory, new URL(request.url ?? '', 'http://any').pathname)
    const file = createReadStream(path)
    file.on('error', () => response.writeHead(404).end())
    file.on('open', () => {
      response.writeHead(200)
      if (request.method === 'HEAD') response.end()
      else file.pipe(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, server }
}
