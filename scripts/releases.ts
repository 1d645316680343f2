// Compares the table of releases with what the release hosts publish, or renews its checksums. Needs the network.
//   npm run releases -- --check    exit code 1 if a checksum differs or a file is missing
//   npm run releases -- --renew    writes the published checksums into the table, also those that it did not have
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { publishedChecksum } from '../packages/local-cluster/src/releases/content/checksum.ts'
import type { ReleaseFile, ReleaseTable } from '../packages/local-cluster/src/releases/table.ts'

const path = new URL('../packages/local-cluster/src/releases/table.json', import.meta.url)
const table = JSON.parse(readFileSync(path, 'utf8')) as ReleaseTable
const mode = process.argv[2]
if (mode !== '--check' && mode !== '--renew') {
  process.stderr.write('usage: npm run releases -- --check|--renew\n')
  process.exit(2)
}

const problems: string[] = []
for (const file of table.files)
  try {
    const published = await publishedFor(file)
    if (published === undefined) problems.push(`${file.url}: no published checksum was found`)
    else if (mode === '--renew') pin(file, published)
    else if (file.sha256 !== undefined && file.sha256 !== published)
      problems.push(`${file.url}: the table has ${file.sha256}, the release ${published}`)
  } catch (error) {
    const { message, cause } = error as Error
    problems.push(`${file.url}: ${cause instanceof Error ? cause.message : message}`)
  }
if (mode === '--renew') writeFileSync(path, `${JSON.stringify(table, null, 2)}\n`)
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stdout.write(`${table.files.length - problems.length} of ${table.files.length} verified\n`)
process.exit(problems.length === 0 ? 0 : 1)

/** The checksum that a release publishes next to its file: each project under a name of its own. */
async function publishedFor({ url, checksums }: ReleaseFile): Promise<string | undefined> {
  const { pathname } = new URL(url)
  const architecture = /[._-](amd64|arm64)/.exec(pathname)?.[1] ?? ''
  const candidates = [
    ...(checksums === undefined ? [] : [checksums]),
    `${url}.sha256`,
    `${url}.sha256sum`,
    new URL(`runc.sha256sum`, url).href,
    new URL('SHA256SUMS', url).href,
    new URL(`sha256sums.${architecture}`, url).href,
  ]
  for (const candidate of candidates) {
    const answer = await fetch(candidate)
    const text = answer.ok ? await answer.text() : ''
    const found = publishedChecksum(text, basename(pathname))
    if (found !== undefined) return found
  }
  return undefined
}

function pin(file: ReleaseFile, published: string): void {
  file.sha256 = published
  delete file.checksums
}
