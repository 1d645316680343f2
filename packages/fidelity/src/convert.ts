import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { formatSpan, type Span, spanOf } from '@landfall/diagnostic'
import { parseAllDocuments } from 'yaml'
import { clusterOf } from './cluster.ts'
import type { Json } from './json.ts'
import type { Converted } from './question.ts'

/** The program that is judged: this checkout's, or the one that LANDFALL names. */
const landfall =
  process.env.LANDFALL ?? fileURLToPath(new URL('../../../landfall', import.meta.url))

/** What the ledger says of one key. */
export interface LedgerLine {
  path: string
  outcome: string
  reason: string
}

export interface Conversion {
  /** Where the manifests are. */
  output: string
  converted: Converted
  ledger: readonly LedgerLine[]
  /** `compose.yaml:12:5` of a pointer into the project, or of what it lies in. */
  placeOf(pointer: string): string
  remove(): void
}

/** Converts a project as a person would, and reads what came out; what `landfall` said where nothing did. */
export function convert(place: string): Conversion | { failed: string } {
  const scratch = mkdtempSync(join(tmpdir(), 'landfall-fidelity-'))
  const output = join(scratch, 'out')
  const ledgerFile = join(scratch, 'ledger.json')
  const args = ['convert', place, '-o', output, '--ledger', ledgerFile]
  const { status, stderr } = spawnSync(landfall, args, { encoding: 'utf8' })
  const remove = () => rmSync(scratch, { recursive: true, force: true })
  if (status !== 0 && status !== 3) {
    remove()
    return { failed: `exit ${status}\n${stderr}` }
  }
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined),
  )
  const path = resolve(place)
  const folder = isFolder(path)
  const loaded = loadProject({
    files: nodeFiles(),
    workingDirectory: process.cwd(),
    environment,
    configFiles: folder ? [] : [path],
    ...(folder && { projectDirectory: path }),
  })
  if (loaded.project === undefined) return { failed: 'the project cannot be loaded' }
  return {
    output,
    converted: {
      project: loaded.project,
      directory: loaded.projectDirectory,
      cluster: clusterOf(readObjects(output)),
      readFile: (file) => (isFile(file) ? readFileSync(file) : undefined),
      listFolder: (file) => (isFolder(file) ? listBelow(file) : undefined),
      environment: { ...loaded.environment },
    },
    ledger: JSON.parse(readFileSync(ledgerFile, 'utf8')).entries,
    placeOf(pointer) {
      const span = nearest(pointer, (at) => spanOf(loaded.origins, at))
      return span === undefined ? place : formatSpan(span, loaded.sources)
    },
    remove,
  }
}

function nearest(pointer: string, find: (at: string) => Span | undefined): Span | undefined {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = find(at)
    if (found !== undefined) return found
  }
  return undefined
}

function readObjects(directory: string): Json[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) =>
      parseAllDocuments(readFileSync(join(directory, name), 'utf8')).map((one) => one.toJS()),
    )
}

function listBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => isFile(join(folder, path)))
    .sort()
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
