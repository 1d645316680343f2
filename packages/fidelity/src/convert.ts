import { spawnSync } from 'node:child_process'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { formatSpan, type Span, spanOf } from '@landfall/diagnostic'
import { parse, parseAllDocuments } from 'yaml'
import { clusterOf } from './cluster.ts'
import { type Finding, readFindings } from './findings.ts'
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
  accepted?: boolean
}

export interface Conversion {
  /** Where the manifests are. */
  output: string
  converted: Converted
  ledger: readonly LedgerLine[]
  findings: readonly Finding[]
  /** `compose.yaml:12:5` of a pointer into the project, or of what it lies in. */
  placeOf(pointer: string): string
  remove(): void
}

/** A project that `landfall convert` refuses. */
export interface Refusal {
  /** The reasons, one a line. */
  failed: string
  /** Services of the project; undefined where it cannot be loaded, or is none. */
  services?: number
  /** There is no Compose file. */
  isNoProject: boolean
}

/** Converts a project as a person would, and reads what came out; the reasons where nothing did. */
export function convert(place: string, options: readonly string[] = []): Conversion | Refusal {
  const scratch = mkdtempSync(join(tmpdir(), 'landfall-fidelity-'))
  const output = join(scratch, 'out')
  const ledgerFile = join(scratch, 'ledger.json')
  const args = ['convert', place, '-o', output, '--ledger', ledgerFile, '--output', 'json']
  const { status, stdout, stderr } = spawnSync(landfall, [...args, ...options], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const remove = () => rmSync(scratch, { recursive: true, force: true })
  const findings = readFindings(stdout)
  const loaded = load(place)
  const { project } = loaded
  if ((status !== 0 && status !== 3) || project === undefined) {
    remove()
    const errors = findings.filter(({ severity }) => severity === 'error')
    return {
      failed: errors.map(({ text, code }) => `${text} [${code}]`).join('\n') || stderr.trimEnd(),
      ...(project && { services: Object.keys(project.services).length }),
      isNoProject: errors.some(({ code }) => code === 'compose/no-file'),
    }
  }
  return {
    output,
    converted: {
      project,
      directory: loaded.projectDirectory,
      cluster: clusterOf(readObjects(output)),
      readFile: (file) => (isFile(file) ? readFileSync(file) : undefined),
      listFolder: (file) => (isFolder(file) ? listBelow(file) : undefined),
      modeOf: (file) => (isFile(file) ? statSync(file).mode & 0o777 : undefined),
      realPath,
      environment: { ...loaded.environment },
    },
    ledger: JSON.parse(readFileSync(ledgerFile, 'utf8')).entries,
    findings: [...findings, ...decisions(loaded.projectDirectory)],
    placeOf(pointer) {
      const span = nearest(pointer, (at) => spanOf(loaded.origins, at))
      return span === undefined ? place : formatSpan(span, loaded.sources)
    },
    remove,
  }
}

function load(place: string): ReturnType<typeof loadProject> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined),
  )
  const path = resolve(place)
  const folder = isFolder(path)
  return loadProject({
    files: nodeFiles(),
    workingDirectory: folder ? path : process.cwd(),
    shownFrom: process.cwd(),
    environment: { ...environment, ...(folder && { PWD: path }) },
    configFiles: folder ? [] : [path],
  })
}

/** What landfall.yaml says that a bind is has been decided by a person, as much as what a person accepts. */
function decisions(directory: string): Finding[] {
  const file = join(directory, 'landfall.yaml')
  const { volumes = {} } = (isFile(file) && parse(readFileSync(file, 'utf8'))) || {}
  return Object.entries(volumes as Record<string, { as?: string } | null>).flatMap(
    ([path, settings]): Finding[] =>
      settings?.as === undefined
        ? []
        : [{ path: '', severity: 'note', code: 'declared', text: `as ${settings.as}: ${path}` }],
  )
}

/** The nearest directory that exists decides; what is below it has no links. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path === '/' ? path : join(realPath(dirname(path)), basename(path))
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

/** Files below a folder, also behind links to folders that do not lead back to one above. */
function listBelow(folder: string, above: readonly string[] = []): string[] {
  const real = realpathSync(folder)
  if (above.includes(real)) return []
  return readdirSync(folder)
    .flatMap((name) => {
      const path = join(folder, name)
      if (isFile(path)) return [name]
      return isFolder(path)
        ? listBelow(path, [...above, real]).map((below) => join(name, below))
        : []
    })
    .sort()
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() === true
}

function isFile(path: string): boolean {
  return statOf(path)?.isFile() === true
}

/** Nothing is behind a link that leads to itself. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return undefined
    throw error
  }
}
