import type { Diagnostic, Origin, Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import type { LoadInput, Trusted } from '../load.ts'
import { discoverFiles } from './discover.ts'
import { addEnvFiles, type Environment, envFilesIn, projectDirectoryOf } from './environment.ts'
import { baseName, directoryOf, joinPath, resolvePath } from './paths.ts'
import { standardInput, type TextReader } from './read-text.ts'

/** What is decided before the first Compose file is read. */
export interface Settings {
  /** Absolute; empty where something was missing, which is reported. */
  readonly configFiles: readonly string[]
  readonly projectDirectory: string
  /** Of the first Compose file; the project directory where that is the standard input. */
  readonly filesDirectory: string
  readonly trusted: Trusted
  /** The process's environment, then the .env files. */
  readonly environment: Environment
  readonly profiles: readonly string[]
}

/** Finds files, project directory, environment and profiles, as `docker compose` does from flags and `COMPOSE_*`. */
export function findSettings(input: LoadInput, reader: TextReader, report: Report): Settings {
  const { files, workingDirectory, shownFrom = workingDirectory } = input
  const environment: Environment = new Map(Object.entries(input.environment))
  const named = input.configFiles ?? []
  const namedEnvFiles = input.envFiles ?? []
  const envFiles =
    namedEnvFiles.length > 0
      ? namedEnvFiles
      : (environment.get('COMPOSE_ENV_FILES')?.split(',').filter(Boolean) ?? [])
  const load = (directory: string) =>
    addEnvFiles(
      environment,
      envFilesIn(directory, envFiles, files, workingDirectory),
      reader,
      shownFrom,
      report,
    )

  const first = named.find((name) => name !== standardInput)
  const userFiles = named.length > 0 ? named : filesOfEnvironment(environment)
  const trust = (projectDirectory: string): Trusted => {
    const trusted = trustedBy(input, userFiles, envFiles, projectDirectory)
    reader.boundary = input.boundary?.(trusted)
    return trusted
  }
  const early = projectDirectoryOf(
    workingDirectory,
    input.projectDirectory,
    first && resolvePath(workingDirectory, first),
  )
  trust(early)
  let withEnvFiles = envFiles.length > 0 || !isSwitchedOn(disableEnvFile, environment, report)
  if (withEnvFiles) load(early)
  if (envFiles.length === 0 && withEnvFiles && isSwitchedOn(disableEnvFile, environment, report)) {
    withEnvFiles = false
    for (const name of environment.keys())
      if (!name.startsWith('COMPOSE_') && !(name in input.environment)) environment.delete(name)
  }
  const missing: Diagnostic[] = []
  const found = discoverFiles(
    files,
    workingDirectory,
    input.projectDirectory ? early : workingDirectory,
    named.length > 0 ? named : filesOfEnvironment(environment),
    (diagnostic) => missing.push(diagnostic),
    shownFrom,
  )
  const { addition } = input
  const configFiles = addition === undefined ? found : [...found, addition]
  const needsNone = addition !== undefined && userFiles.length === 0 && found.length === 0
  if (!needsNone) for (const diagnostic of missing) report(diagnostic)
  const firstFile = configFiles.find((path) => path !== standardInput)
  const projectDirectory = projectDirectoryOf(
    workingDirectory,
    input.projectDirectory,
    firstFile && joinPath(firstFile),
  )
  // An env file may move the project, but not what belongs to it.
  const moved = userFiles.length === 0 && environment.has('COMPOSE_FILE')
  const trusted = { ...trust(moved ? early : projectDirectory), projectDirectory }
  if (projectDirectory !== early && envFiles.length === 0 && withEnvFiles) load(projectDirectory)
  const flags = input.profiles ?? []
  const profiles =
    flags.length > 0
      ? flags
      : (environment.get('COMPOSE_PROFILES') ?? '').split(',').map((profile) => profile.trim())
  const filesDirectory =
    firstFile === undefined ? projectDirectory : directoryOf(joinPath(firstFile))
  return { configFiles, projectDirectory, filesDirectory, trusted, environment, profiles }
}

/** What the user trusts by naming it, on the command line or in variables. */
function trustedBy(
  { workingDirectory }: LoadInput,
  configFiles: readonly string[],
  envFiles: readonly string[],
  projectDirectory: string,
): Trusted {
  const absolute = (path: string) => joinPath(resolvePath(workingDirectory, path))
  const paths = configFiles.filter((path) => path !== standardInput).map(absolute)
  return {
    projectDirectory,
    directories: [projectDirectory, ...paths.map(directoryOf)],
    files: [...paths, ...envFiles.map(absolute)],
  }
}

const disableEnvFile = 'COMPOSE_DISABLE_ENV_FILE'

function isSwitchedOn(name: string, environment: Environment, report: Report): boolean {
  const text = environment.get(name)
  if (text === undefined || /^(?:0|f|F|FALSE|false|False)$/.test(text)) return false
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true
  reportProblem(report, {
    code: 'compose/invalid-value',
    message: `the variable ${name} is "${text}", which is neither true nor false`,
    path: '',
    hint: 'write true or false, or unset it',
  })
  return false
}

function filesOfEnvironment(environment: Environment): string[] {
  const list = environment.get('COMPOSE_FILE')
  return list === undefined ? [] : list.split(environment.get('COMPOSE_PATH_SEPARATOR') || ':')
}

/** Where the name of a project can come from. */
export interface NameSources {
  /** `-p` */
  readonly given: string | undefined
  readonly environment: Environment
  /** `name:` of the Compose files. */
  readonly inFiles: string | undefined
  readonly projectDirectory: string
}

/**
 * The project's name, with its origins where no file says it; undefined: none is allowed, which is reported. The one in
 * the files counts as it is written where it is not to be normalised.
 */
export function projectName(
  { given, environment, inFiles, projectDirectory }: NameSources,
  normalized: boolean,
  report: Report,
): { readonly name: string; readonly origins?: readonly Origin[] } | undefined {
  const imperative = given || environment.get('COMPOSE_PROJECT_NAME')
  if (imperative) {
    if (normalizeName(imperative) === imperative)
      return {
        name: imperative,
        origins: given
          ? [{ kind: 'default', rule: 'command-line' }]
          : [{ kind: 'env', name: 'COMPOSE_PROJECT_NAME' }],
      }
    const near = normalizeName(imperative)
    reportProblem(report, {
      code: 'compose/invalid-project-name',
      message: `"${imperative}" is not allowed as the name of a project`,
      path: '/name',
      hint: `use lower-case letters, digits, "-" and "_", starting with a letter or digit${near && `: ${near}`}`,
    })
    return undefined
  }
  const source = inFiles ?? baseName(projectDirectory)
  const name = inFiles === undefined || normalized ? normalizeName(source) : source
  if (name !== '')
    return inFiles === undefined
      ? { name, origins: [{ kind: 'default', rule: 'directory-name' }] }
      : { name }
  reportProblem(report, {
    code: 'compose/invalid-project-name',
    message: `"${source}" contains no letter or digit for a project name`,
    path: '/name',
    hint: 'set a name with "name:" at the top of the Compose file, or with -p',
  })
  return undefined
}

function normalizeName(name: string): string {
  return (
    name
      .toLowerCase()
      .match(/[a-z0-9_-]/g)
      ?.join('') ?? ''
  ).replace(/^[_-]+/, '')
}
