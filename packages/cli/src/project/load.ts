import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  engineProblems,
  type FileSystem,
  type LoadInput,
  type LoadResult,
  loadProject,
} from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { hasErrors } from '@landfall/diagnostic'
import { UsageError } from '../errors.ts'
import type { Terminal } from '../terminal.ts'
import type { ProjectOptions } from './options.ts'

/** Loads the project that PROJECT and the options of docker compose mean. */
export function readProject(
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
  files: FileSystem = nodeFiles(),
): LoadResult {
  return loadProject(loadInput(place, options, terminal, files))
}

/** The same project with errors for what Docker's engine would refuse when it runs it. */
export function readRunnable(...given: Parameters<typeof readProject>): LoadResult {
  const loaded = readProject(...given)
  const { project, origins, diagnostics } = loaded
  if (project === undefined || hasErrors(diagnostics)) return loaded
  return { ...loaded, diagnostics: [...diagnostics, ...engineProblems(project, origins)] }
}

/** What PROJECT and the options of docker compose mean to the loader. */
export function loadInput(
  place: string | undefined,
  options: Omit<ProjectOptions, 'environment'>,
  terminal: Terminal,
  files: FileSystem,
): LoadInput {
  const directory = place !== undefined && isDirectory(place, terminal)
  const configFiles = [
    ...(place === undefined || directory ? [] : [place]),
    ...(options.file ?? []),
  ]
  const projectDirectory = options.projectDirectory ?? (directory ? place : undefined)
  return {
    files,
    workingDirectory: terminal.cwd,
    // a project directory is where Docker Compose would be started
    environment: {
      PWD: terminal.cwd,
      ...terminal.env,
      ...(directory && { PWD: resolve(terminal.cwd, place) }),
    },
    configFiles,
    ...(meansStandardInput(configFiles, terminal) && { stdin: readFileSync(0, 'utf8') }),
    ...(projectDirectory !== undefined && {
      projectDirectory: resolve(terminal.cwd, projectDirectory),
    }),
    ...(options.projectName !== undefined && { projectName: options.projectName }),
    ...(options.profile !== undefined && { profiles: options.profile }),
    ...(options.envFile !== undefined && { envFiles: options.envFile }),
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
