import { type Diagnostic, hasErrors, type Origin, type Report } from '@landfall/diagnostic'
import { decodeProject } from './canonical/decode-project.ts'
import { checkConsistency } from './check/consistency.ts'
import { checkValues } from './check/values.ts'
import { reportProblem } from './codes.ts'
import { textReader } from './files/read-text.ts'
import { findSettings, projectName } from './files/settings.ts'
import type { LoadInput, LoadResult } from './load.ts'
import { setDefaults } from './normalize/defaults.ts'
import { type EnvFileContext, loadEnvFiles, loadLabelFiles } from './normalize/env-files.ts'
import { copyScale, normalize } from './normalize/normalize.ts'
import { resolvePaths } from './normalize/resolve-paths.ts'
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
  const diagnostics: Diagnostic[] = []
  const report: Report = (diagnostic) => diagnostics.push(diagnostic)
  const reader = textReader(input.files, input.workingDirectory, report)
  const settings = findSettings(input, reader, report)
  const { configFiles, projectDirectory, environment } = settings
  const failed = (): LoadResult => ({
    projectDirectory,
    environment: Object.fromEntries(environment),
    origins: new Map(),
    diagnostics,
    sources: reader.sources,
  })
  if (configFiles.length === 0 || hasErrors(diagnostics)) return failed()

  const context: ReadContext = {
    files: input.files,
    reader,
    workingDirectory: input.workingDirectory,
    projectDirectory,
    environment,
    home: input.environment.HOME || undefined,
    report,
    including: [],
  }
  const files: { path: string; documents: SourceDocument[] }[] = []
  for (const path of configFiles) {
    const documents = readDocuments(path, context)
    if (documents !== undefined) files.push({ path, documents })
  }
  if (files.length < configFiles.length) return failed()

  const inFiles = nameInFiles(
    files.flatMap(({ documents }) => documents),
    environment,
  )
  const named = projectName(
    { given: input.projectName, environment, inFiles, projectDirectory },
    report,
  )
  environment.set('COMPOSE_PROJECT_NAME', named?.name ?? '')
  const model = readModel(files, context)
  if (model.entries.size === 0) {
    if (!hasErrors(diagnostics))
      reportProblem(report, {
        code: 'compose/empty-file',
        message: 'the Compose files hold nothing',
        path: '',
        at: { file: [...reader.sources.keys()].at(-1) ?? '', start: 0, end: 0 },
        hint: 'Begin with "services:".',
      })
    return failed()
  }
  const project = finish(model, named ?? { name: '' }, settings.profiles, context)
  return {
    project: project.value as Project,
    projectDirectory,
    environment: Object.fromEntries(environment),
    origins: project.origins,
    diagnostics,
    sources: reader.sources,
  }
}

/** The phases on the whole tree, after all files are read. */
function finish(
  model: MapNode,
  { name, origins }: { readonly name: string; readonly origins?: readonly Origin[] },
  profiles: readonly string[],
  context: ReadContext,
): ReturnType<typeof toPlain> {
  const { report, environment, reader, workingDirectory } = context
  setDefaults(model)
  checkValues(model, report)
  resolvePaths(model, { directory: context.projectDirectory, home: context.home })
  nameProject(model, textNode(name, origins ?? model.entries.get('name')?.origins ?? []))
  model.entries.delete('include')
  normalize(model, name, environment)
  decodeProject(model, report)
  const disabled = disableServices(model, profiles)
  checkConsistency(model, disabled, report)
  copyScale(model)
  const files: EnvFileContext = { environment, reader, workingDirectory, report }
  for (const [key, service] of mapAt(model, 'services')?.entries ?? []) {
    if (service.kind !== 'map') continue
    loadEnvFiles(service, pointerTo('/services', key), files)
    loadLabelFiles(service, pointerTo('/services', key), files)
  }
  return toPlain(model)
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
