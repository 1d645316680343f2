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
  shownFrom: string,
): string[] {
  if (named.length > 0) return existing(files, workingDirectory, named, report, shownFrom)
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
    message: `no Compose file in ${start} or its parent directories`,
    path: '',
    hint: `looked for ${composeFileNames.join(', ')}; use -f for another file`,
  })
  return []
}

function existing(
  files: FileSystem,
  workingDirectory: string,
  named: readonly string[],
  report: Report,
  shownFrom: string,
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
      message: `the file ${displayName(path, shownFrom)} does not exist`,
      path: '',
      hint:
        here.length > 0
          ? `in ${directory} there is ${here.slice(0, 8).join(', ')}`
          : `looked in ${directory}`,
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
      message: `${found[0]} is used, and not ${found.slice(1).join(', ')}`,
      path: '',
      hint: 'remove the other files, or choose one with -f',
    })
  return found[0]
}
