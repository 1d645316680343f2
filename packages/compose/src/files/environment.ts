import type { Report, Span } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { parseDotenv } from '../dotenv/parse.ts'
import { reportDotenv } from '../dotenv/report.ts'
import type { FileSystem } from '../load.ts'
import { extentOfVariables } from '../source/extent.ts'
import { directoryOf, displayName, joinPath, resolvePath } from './paths.ts'
import type { TextReader } from './read-text.ts'

/** Variables by name. What is there first is never overridden. */
export type Environment = Map<string, string>

/** Adds the variables of env files, later files over earlier ones, to an environment that wins over them all. */
export function addEnvFiles(
  environment: Environment,
  paths: readonly string[],
  reader: TextReader,
  shownFrom: string,
  report: Report,
  from?: Span,
): void {
  const values = new Map<string, string>()
  for (const path of paths) {
    const file = reader.read(path, from, 'secret')
    if (file === undefined) {
      reportProblem(report, {
        code: 'compose/env-file-not-found',
        message: `the env file ${displayName(path, shownFrom)} does not exist`,
        path: '',
        at: from,
        hint: `looked for ${path}`,
      })
      continue
    }
    if (!reader.budget(extentOfVariables(file.text), from)) continue
    const parsed = parseDotenv(file.text, (name) => environment.get(name), values)
    for (const [key, value] of parsed.values) values.set(key, value)
    reportDotenv(parsed, file, { path: '', at: from }, report)
  }
  for (const [key, value] of values) if (!environment.has(key)) environment.set(key, value)
}

/** The env files that count: those that were named, else `.env` of a directory where it exists. */
export function envFilesIn(
  directory: string,
  named: readonly string[],
  files: FileSystem,
  workingDirectory: string,
): string[] {
  if (named.length > 0) return named.map((path) => resolvePath(workingDirectory, path))
  return usualEnvFile(directory, files)
}

/** `.env` of a directory: a file of any kind, but no directory. */
export function usualEnvFile(directory: string, files: FileSystem): string[] {
  const path = joinPath(directory, '.env')
  const kind = files.stat(path)?.kind
  return kind === undefined || kind === 'directory' ? [] : [path]
}

/** Where the project lies: the directory that was named, else that of the first file, else the working directory. */
export function projectDirectoryOf(
  workingDirectory: string,
  projectDirectory: string | undefined,
  firstFile: string | undefined,
): string {
  if (projectDirectory !== undefined && projectDirectory !== '')
    return joinPath(resolvePath(workingDirectory, projectDirectory))
  return firstFile === undefined ? workingDirectory : directoryOf(firstFile)
}
