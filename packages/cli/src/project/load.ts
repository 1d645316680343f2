import { readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { engineProblems, type FileSystem, type LoadInput } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { hasErrors } from '@landfall/diagnostic'
import { UsageError } from '../errors.ts'
import { isTarball } from '../tarball/is-tarball.ts'
import { type LoadedProject, loadWithTarballs } from '../tarball/load.ts'
import type { Terminal } from '../terminal.ts'
import { acceptedNote, boundaryOf, type KnownBoundary } from './boundary.ts'
import type { ProjectOptions } from './options.ts'

/** Loads the project that PROJECT and the options of docker compose mean. */
export function readProject(
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
  files: FileSystem = nodeFiles(),
): LoadedProject {
  let known: KnownBoundary | undefined
  const input: LoadInput = {
    ...loadInput(place, options, terminal, files),
    boundary: (trusted) => {
      known = boundaryOf(trusted, files, terminal.env, true)
      return known
    },
  }
  const loaded = loadWithTarballs(input, terminal)
  const notes = known === undefined ? [] : acceptedNote(known)
  return { ...loaded, diagnostics: [...loaded.diagnostics, ...notes] }
}

/** The same project with errors for what Docker's engine would refuse when it runs it. */
export function readRunnable(...given: Parameters<typeof readProject>): LoadedProject {
  const loaded = readProject(...given)
  const { project, origins, diagnostics } = loaded
  if (project === undefined || hasErrors(diagnostics)) return loaded
  return { ...loaded, diagnostics: [...diagnostics, ...engineProblems(project, origins)] }
}

/**
 * What PROJECT and the options of docker compose mean to the loader. A directory is where Docker Compose would be started: its `.env` can
 * name the Compose files, and a Compose file above it is found. Paths of options are relative to where Landfall was started.
 */
export function loadInput(
  place: string | undefined,
  options: Omit<ProjectOptions, 'environment'>,
  terminal: Terminal,
  files: FileSystem,
): LoadInput {
  const { cwd } = terminal
  if (isTarball(place))
    throw new UsageError(
      `${place} is a release tarball, and landfall.yaml says how its program is started`,
      `\`landfall init ${place}\` writes a first one; PROJECT is then its directory`,
    )
  const directory = place !== undefined && isDirectory(place, terminal)
  const start = directory ? resolve(cwd, place) : cwd
  const here = (path: string) => (path === '-' || start === cwd ? path : resolve(cwd, path))
  const configFiles = [
    ...(place === undefined || directory ? [] : [place]),
    ...(options.file ?? []).map(here),
  ]
  const projectDirectory =
    options.projectDirectory ?? (start !== cwd && configFiles.length > 0 ? start : undefined)
  return {
    files,
    workingDirectory: start,
    shownFrom: cwd,
    environment: { PWD: cwd, ...terminal.env, ...(start !== cwd && { PWD: start }) },
    configFiles,
    ...(meansStandardInput(configFiles, terminal) && { stdin: readStandardInput() }),
    ...(projectDirectory !== undefined && { projectDirectory: resolve(cwd, projectDirectory) }),
    ...(options.projectName !== undefined && { projectName: options.projectName }),
    ...(options.profile !== undefined && { profiles: options.profile }),
    ...(options.envFile !== undefined && { envFiles: options.envFile.map(here) }),
  }
}

/** Bytes, one more than the loader takes. */
const MOST_INPUT = 4 * 1024 * 1024 + 1

/** The standard input up to its end, or to more than a Compose file may have: its writer may never end. It can be read once. */
function readStandardInput(): string {
  standardInput ??= readToEnd()
  return standardInput
}

let standardInput: string | undefined

function readToEnd(): string {
  const buffer = new Uint8Array(MOST_INPUT)
  let length = 0
  while (length < buffer.length) {
    const read = readNow(buffer, length)
    if (read === 0) break
    if (read > 0) length += read
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
  }
  return Buffer.from(buffer.buffer, 0, length).toString('utf8')
}

/** The number of bytes that were read; 0: the end, -1: there is nothing to read yet. */
function readNow(buffer: Uint8Array, at: number): number {
  try {
    return readSync(0, buffer, at, buffer.length - at, null)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EAGAIN') return -1
    if (code === 'EOF') return 0
    throw error
  }
}

/** Whether a Compose file is `-`. */
function meansStandardInput(configFiles: readonly string[], { env }: Terminal): boolean {
  const separator = env.COMPOSE_PATH_SEPARATOR || ':'
  const named = configFiles.length > 0 ? configFiles : (env.COMPOSE_FILE ?? '').split(separator)
  return named.includes('-')
}

function isDirectory(place: string, terminal: Terminal): boolean {
  const stat = statSync(resolve(terminal.cwd, place), { throwIfNoEntry: false })
  if (stat === undefined)
    throw new UsageError(
      `no such file or directory: ${place}`,
      'PROJECT is a directory with a Compose file, or the path of a Compose file',
    )
  return stat.isDirectory()
}
