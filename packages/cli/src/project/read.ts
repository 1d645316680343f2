import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type FileSystem, type LoadResult, loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import {
  type ConvertResult,
  convertProject,
  type LandfallFile,
  loadLandfallFile,
} from '@landfall/convert'
import { type Diagnostic, hasErrors, type Origins, type Sources } from '@landfall/diagnostic'
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
  const directory = place !== undefined && isDirectory(place, terminal)
  const configFiles = [
    ...(place === undefined || directory ? [] : [place]),
    ...(options.file ?? []),
  ]
  const projectDirectory = options.projectDirectory ?? (directory ? place : undefined)
  return loadProject({
    files,
    workingDirectory: terminal.cwd,
    environment: terminal.env,
    configFiles,
    ...(projectDirectory !== undefined && {
      projectDirectory: resolve(terminal.cwd, projectDirectory),
    }),
    ...(options.projectName !== undefined && { projectName: options.projectName }),
    ...(options.profile !== undefined && { profiles: options.profile }),
    ...(options.envFile !== undefined && { envFiles: options.envFile }),
  })
}

function isDirectory(place: string, terminal: Terminal): boolean {
  const stat = statSync(resolve(terminal.cwd, place), { throwIfNoEntry: false })
  if (stat === undefined)
    throw new UsageError(
      `there is no file or folder ${place}`,
      'name a folder with a Compose file, or the file itself',
    )
  return stat.isDirectory()
}

/** A project, its settings and what conversion made of them; what could not be reached is absent. */
export interface Converted {
  loaded: LoadResult
  settings?: LandfallFile
  result?: ConvertResult
  /** Of all phases, in their order. */
  diagnostics: readonly Diagnostic[]
  sources: Sources
  /** Of the project: where its values came from. */
  origins: Origins
}

/** Loads and converts, as far as the errors of each phase allow. */
export function readAndConvert(
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
): Converted {
  const files = nodeFiles()
  const loaded = readProject(place, options, terminal, files)
  const { project, origins, projectDirectory } = loaded
  if (project === undefined || hasErrors(loaded.diagnostics))
    return { loaded, diagnostics: loaded.diagnostics, sources: loaded.sources, origins }
  const settings = loadLandfallFile({ files, projectDirectory, project, projectOrigins: origins })
  const sources: Sources = new Map([...loaded.sources, ...settings.sources])
  const before = [...loaded.diagnostics, ...settings.diagnostics]
  if (hasErrors(before)) return { loaded, diagnostics: before, sources, origins }
  const result = convertProject({
    project,
    origins,
    projectDirectory,
    files,
    settings: settings.settings,
    settingsOrigins: settings.origins,
    environment: loaded.environment,
  })
  return {
    loaded,
    settings: settings.settings,
    result,
    diagnostics: [...before, ...result.diagnostics],
    sources,
    origins,
  }
}
