import { type Diagnostic, hasErrors, type Report, type Sources } from '@landfall/diagnostic'
import { decodeProject } from './canonical/decode-project.ts'
import { checkConsistency, checkContainerNames } from './check/consistency.ts'
import { checkValues } from './check/values.ts'
import { type ComposeCode, composeCodes, reportProblem } from './codes.ts'
import { usualEnvFile } from './files/environment.ts'
import { joinPath } from './files/paths.ts'
import { type TextReader, textReader } from './files/read-text.ts'
import { findSettings, projectName, type Settings } from './files/settings.ts'
import { copyOfTemplate } from './files/template-of.ts'
import type { LoadInput, LoadResult } from './load.ts'
import { setDefaults } from './normalize/defaults.ts'
import { loadEnvFiles, loadLabelFiles } from './normalize/env-files.ts'
import { copyScale, normalize } from './normalize/normalize.ts'
import { pathBaseFor, resolvePaths } from './normalize/resolve-paths.ts'
import type { Phases } from './phases.ts'
import type { Project } from './project.ts'
import type { ReadContext } from './read-context.ts'
import { readDocuments, readModel } from './read-model.ts'
import type { SourceDocument } from './source/document.ts'
import { nameInFiles } from './source/name.ts'
import { itemsAt, type MapNode, mapAt, mapNode, type Node, textNode, textOf } from './tree/node.ts'
import { toPlain } from './tree/plain.ts'
import { pointerTo } from './tree/rules.ts'

/**
 * Reads a Compose project as Docker Compose 2.40 does and tells where everything in it came from. Synchronous; touches
 * nothing but `input.files`. Everything that is wrong with the files comes back as diagnostics, nothing is thrown.
 */
export function loadProject(input: LoadInput): LoadResult {
  const read = readProject(input)
  const { model, settings, diagnostics, sources } = read
  const disabled = model && bindProject(model, read)
  if (model !== undefined) checkContainerNames(model, read.context.report)
  const plain = model && toPlain(model)
  return {
    ...(plain && { project: plain.value as Project }),
    projectDirectory: settings.projectDirectory,
    filesDirectory: settings.filesDirectory,
    shownFrom: read.context.shownFrom,
    trusted: settings.trusted,
    environment: Object.fromEntries(settings.environment),
    origins: plain?.origins ?? new Map(),
    profiles: profilesOf(disabled),
    inactiveServices: [...(disabled?.entries.keys() ?? [])],
    diagnostics,
    sources,
  }
}

function profilesOf(services: MapNode | undefined): string[] {
  const all = [...(services?.entries.values() ?? [])].flatMap((one) => itemsAt(one, 'profiles'))
  return [...new Set(all.flatMap((profile) => textOf(profile) ?? []))].sort()
}

/** The command that makes a missing .env file from its template, where the user named no other env files. */
function copyOfEnvFile(
  { files, envFiles = [], environment, workingDirectory, shownFrom = workingDirectory }: LoadInput,
  { projectDirectory }: Settings,
): string | undefined {
  const named = envFiles.length > 0 || Boolean(environment.COMPOSE_ENV_FILES)
  if (named || usualEnvFile(projectDirectory, files).length > 0) return undefined
  return copyOfTemplate(joinPath(projectDirectory, '.env'), files, shownFrom)
}

/** A project before its values are read as what their attributes take. */
export interface ReadProject {
  /** In long forms; absent when an error left nothing that could be read on. */
  readonly model?: MapNode
  /** Empty where none is allowed, which is reported. */
  readonly name: string
  readonly settings: Settings
  readonly context: ReadContext
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: Sources
}

/** A diagnostic about a file outside of the project says what is wrong in general, and nothing of what the file contains. */
function unquoted(diagnostic: Diagnostic, { unquoted }: TextReader): Diagnostic {
  const { code, severity, at, related = [] } = diagnostic
  const files = [at, ...related.map((one) => one.at)].flatMap((span) => span?.file ?? [])
  if (!files.some((file) => unquoted.has(file))) return diagnostic
  const message = composeCodes[code as ComposeCode]
  return { code, severity, message, path: '', ...(at && { at }) }
}

/** Reads the files of a project into one normalised tree. */
export function readProject(input: LoadInput, phases: Phases = {}): ReadProject {
  const diagnostics: Diagnostic[] = []
  const report: Report = (diagnostic) => diagnostics.push(unquoted(diagnostic, reader))
  const reader = textReader(
    input.files,
    input.shownFrom ?? input.workingDirectory,
    report,
    input.stdin,
  )
  const settings = findSettings(input, reader, report)
  const { configFiles, projectDirectory, environment } = settings
  const context: ReadContext = {
    files: input.files,
    reader,
    workingDirectory: input.workingDirectory,
    shownFrom: input.shownFrom ?? input.workingDirectory,
    projectDirectory,
    environment: phases.environment === false ? new Map() : environment,
    missingEnvFile: () => copyOfEnvFile(input, settings),
    home: input.environment.HOME || undefined,
    interpolate: phases.interpolate !== false,
    resolvePaths: phases.resolvePaths !== false,
    report,
    including: [],
  }
  const read = { name: '', settings, context, diagnostics, sources: reader.sources }
  if (configFiles.length === 0 || hasErrors(diagnostics)) return read

  const files: { path: string; documents: SourceDocument[] }[] = []
  for (const path of configFiles) {
    const documents = readDocuments(path, context)
    if (documents !== undefined) files.push({ path, documents })
  }
  if (files.length < configFiles.length) return read

  const inFiles = nameInFiles(
    files.flatMap(({ documents }) => documents),
    context.interpolate ? environment : undefined,
  )
  const named = projectName(
    { given: input.projectName, environment, inFiles, projectDirectory },
    phases.normalize !== false,
    report,
  )
  context.environment.set('COMPOSE_PROJECT_NAME', named?.name ?? '')
  const model = readModel(files, context)
  if (model.entries.size === 0) {
    if (!hasErrors(diagnostics))
      reportProblem(report, {
        code: 'compose/empty-file',
        message: 'the Compose files are empty',
        path: '',
        at: { file: [...reader.sources.keys()].at(-1) ?? '', start: 0, end: 0 },
        hint: 'start with "services:"',
      })
    return read
  }
  setDefaults(model)
  checkValues(model, report)
  if (context.resolvePaths) resolvePaths(model, pathBaseFor(projectDirectory, context))
  const { name, origins } = named ?? { name: '' }
  model.entries.delete('include')
  if (phases.normalize !== false) {
    nameProject(model, textNode(name, origins ?? model.entries.get('name')?.origins ?? []))
    normalize(model, name, context.environment)
  }
  return { ...read, model, name }
}

/** Reads every value as what its attribute takes and checks the whole, in place; gives the services that are disabled. */
export function bindProject(
  model: MapNode,
  { settings, context }: Pick<ReadProject, 'settings' | 'context'>,
  phases: Phases = {},
): MapNode {
  const { report } = context
  if (!model.entries.has('services'))
    model.entries.set('services', mapNode([{ kind: 'default', rule: 'no-services' }]))
  decodeProject(model, report)
  const disabled = disableServices(model, settings.profiles)
  if (phases.checkConsistency !== false) {
    checkConsistency(model, disabled, report)
    copyScale(model)
  }
  for (const [key, service] of mapAt(model, 'services')?.entries ?? []) {
    if (service.kind !== 'map') continue
    const pointer = pointerTo('/services', key)
    if (phases.resolveEnvironment !== false) loadEnvFiles(service, pointer, context)
    loadLabelFiles(service, pointer, context)
  }
  return disabled
}

/** Puts the name in front of everything else. */
function nameProject(model: MapNode, name: Node): void {
  const entries = [...model.entries].filter(([key]) => key !== 'name')
  model.entries.clear()
  for (const [key, value] of [['name', name] as const, ...entries]) model.entries.set(key, value)
}

/** Takes the services out that have profiles and none of the active ones. */
function disableServices(model: MapNode, active: readonly string[]): MapNode {
  const disabled = mapNode([])
  const services = mapAt(model, 'services')
  for (const [name, service] of services?.entries ?? []) {
    const profiles = itemsAt(service, 'profiles').map((item) => textOf(item) ?? '')
    if (profiles.length === 0 || active.includes('*')) continue
    if (profiles.some((profile) => active.includes(profile))) continue
    disabled.entries.set(name, service)
    services?.entries.delete(name)
  }
  return disabled
}
