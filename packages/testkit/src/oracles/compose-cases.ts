import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type ComposeCase, type ComposeFlags, readCaseTable } from './compose.ts'

/** Cases that are recorded in one file. */
export interface CaseSet {
  readonly title: string
  /** Path of the recording. */
  readonly recording: string
  readonly cases: readonly ComposeCase[]
}

/**
 * The cases of a directory: `tables/<topic>.txt` hold many small ones each, every other folder is one whole project, with
 * its flags in `case.json` where it needs any.
 */
export function readCases(directory: string): CaseSet[] {
  const tables = join(directory, 'tables')
  const folders = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'tables')
    .map(({ name }) => ({
      title: name,
      recording: join(directory, name, 'expected.json'),
      cases: [readFolder(directory, name)],
    }))
  const topics = readdirSync(tables)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => ({
      title: name.replace(/\.txt$/, ''),
      recording: join(tables, name.replace(/\.txt$/, '.json')),
      cases: readCaseTable(readFileSync(join(tables, name), 'utf8')),
    }))
  return [...folders, ...topics]
}

function readFolder(directory: string, name: string): ComposeCase {
  const root = join(directory, name)
  const files: Record<string, string> = {}
  let flags: ComposeFlags = {}
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(root, entry)
    if (!statSync(path).isFile() || entry === 'expected.json') continue
    const text = readFileSync(path, 'utf8')
    if (entry === 'case.json') flags = JSON.parse(text) as ComposeFlags
    else files[relative(root, path)] = text
  }
  return { name, files, flags }
}
