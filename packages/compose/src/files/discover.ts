import type { Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import type { FileSystem } from '../load.ts'
import { directoryOf, displayName, joinPath, resolvePath } from './paths.ts'
import { standardInput } from './read-text.ts'

/** Names that are looked for, the first one wins. */
const composeFileNames = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
] as const

const overrideFileNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
] as const

/**
 * The Compose files that are meant, absolute: those that were named, or the nearest one from a directory upwards with its
 * override file. Empty where something was missing, which is reported.
 */
export function discoverFiles(
  files: FileSystem,
  workingDirectory: string,
  start: string,
  named: readonly string[],
  report: Report,
): string[] {
  if (named.length > 0) return existing(files, workingDirectory, named, report)
  for (let directory = start; ; directory = directoryOf(directory)) {
    const base = firstOf(files, directory, composeFileNames, report)
    if (base !== undefined) {
      const override = firstOf(files, directory, overrideFileNames, report)
      return override === undefined ? [base] : [base, override]
    }
    if (directory === '/' || directory === '.') break
  }
  reportProblem(report, {
    code: 'compose/no-file',
    message: `there is no Compose file in ${start} or above`,
    path: '',
    hint: `Looked for ${composeFileNames.join(', ')}; name another one with -f.`,
  })
  return []
}

function existing(
  files: FileSystem,
  workingDirectory: string,
  named: readonly string[],
  report: Report,
): string[] {
  const paths = named.map((name) =>
    name === standardInput ? name : resolvePath(workingDirectory, name),
  )
  const missing = paths.filter((path) => path !== standardInput && files.stat(path) === undefined)
  for (const path of missing) {
    const directory = directoryOf(path)
    const here = files.list(directory)?.filter((name) => /\.ya?ml$/.test(name)) ?? []
    reportProblem(report, {
      code: 'compose/no-file',
      message: `there is no file ${displayName(path, workingDirectory)}`,
      path: '',
      hint:
        here.length > 0
          ? `In ${directory} there is ${here.slice(0, 8).join(', ')}.`
          : `Looked in ${directory}.`,
    })
  }
  return missing.length > 0 ? [] : paths
}

function firstOf(
  files: FileSystem,
  directory: string,
  names: readonly string[],
  report: Report,
): string | undefined {
  const found = names
    .map((name) => joinPath(directory, name))
    .filter((path) => files.stat(path) !== undefined)
  if (found.length > 1)
    reportProblem(report, {
      code: 'compose/several-files',
      severity: 'warning',
      message: `${found[0]} is taken, although there is also ${found.slice(1).join(', ')}`,
      path: '',
      hint: 'Remove the others, or name the one that is meant with -f.',
    })
  return found[0]
}
