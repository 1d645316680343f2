import type { FileSystem, LoadResult } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import {
  type ConvertResult,
  convertProject,
  type LandfallFile,
  loadLandfallFile,
} from '@landfall/convert'
import { type Diagnostic, hasErrors, type Origins, type Sources } from '@landfall/diagnostic'
import type { Terminal } from '../terminal.ts'
import { readProject } from './load.ts'
import type { ProjectOptions } from './options.ts'

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
  return convertLoaded(readProject(place, options, terminal, files), files, options.environment)
}

/** Converts what was loaded, as far as its errors allow, for an environment of `landfall.yaml` or none. */
export function convertLoaded(
  loaded: LoadResult,
  files: FileSystem,
  environment?: string,
): Converted {
  const { project, origins, projectDirectory } = loaded
  if (project === undefined || hasErrors(loaded.diagnostics))
    return { loaded, diagnostics: loaded.diagnostics, sources: loaded.sources, origins }
  const settings = loadLandfallFile({
    files,
    projectDirectory,
    project,
    projectOrigins: origins,
    ...(environment === undefined ? {} : { environment }),
  })
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
