import { displayPath, type Report } from '@landfall/diagnostic'
import { checkValues } from '../check/values.ts'
import { reportProblem } from '../codes.ts'
import { addEnvFiles, type Environment, usualEnvFile } from '../files/environment.ts'
import { directoryOf, displayName, joinPath, resolvePath } from '../files/paths.ts'
import { setDefaults } from '../normalize/defaults.ts'
import { pathBaseFor, resolvePaths } from '../normalize/resolve-paths.ts'
import { resolveListedVariables } from '../normalize/variables.ts'
import type { ReadContext } from '../read-context.ts'
import { listOf, type Shape, strictFields, text } from '../schema/shape.ts'
import { validateValue } from '../schema/validate.ts'
import { goPrint } from '../tree/go-print.ts'
import {
  entrySpan,
  isNull,
  type MapNode,
  mapAt,
  mapNode,
  type Node,
  sameValue,
  spanOfNode,
  textAt,
  textOf,
} from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'
import { markVia } from '../tree/via.ts'

/** Reads Compose files into one canonical tree; undefined where one cannot be read, which is reported. */
export type ReadFiles = (paths: readonly string[], context: ReadContext) => MapNode | undefined

const sections = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models']

const paths: Shape = { text: true, null: true, ...listOf(text) }

/** What Docker Compose takes here, which is more than the schema allows: it reads includes before it validates. */
const includeShape: Shape = listOf(
  {
    text: true,
    null: true,
    ...strictFields({
      path: paths,
      env_file: paths,
      project_directory: { text: true, number: 'integer', null: true },
    }),
  },
  { example: '[other/compose.yaml]' },
)

interface Include {
  readonly node: Node
  readonly pointer: string
  readonly paths: readonly { readonly path: string; readonly node: Node }[]
  readonly projectDirectory: string | undefined
  readonly envFiles: readonly { readonly path: string; readonly node: Node }[]
}

/**
 * Takes the resources of included projects into a document. Each has a directory and an environment of its own.
 * Reference: https://github.com/compose-spec/compose-spec/blob/main/14-include.md
 */
export function applyIncludes(
  root: MapNode,
  file: string,
  context: ReadContext,
  read: ReadFiles,
): void {
  const list = root.entries.get('include')
  root.entries.delete('include')
  if (list === undefined || isNull(list)) return
  const report = warnOfUnknownKeys(context.report)
  if (!validateValue(list, includeShape, '/include', report) || list.kind !== 'list') return
  const including = [...context.including, file]
  const secretValues: SecretValues = new WeakMap()
  list.items.forEach((item, index) => {
    const include = readEntry(item, pointerTo('/include', index))
    if (include.paths.length === 0) {
      checkEnvFiles(include, context)
      return
    }
    const model = readInclude(include, { ...context, including }, read, secretValues)
    if (model !== undefined) importResources(model, root, include, context, secretValues)
    else root.incomplete = true
  })
}

/** Docker Compose ignores unknown keys here, and here alone. */
function warnOfUnknownKeys(report: Report): Report {
  return (diagnostic) =>
    report(
      diagnostic.code === 'compose/unknown-key'
        ? { ...diagnostic, severity: 'warning' }
        : diagnostic,
    )
}

function readEntry(node: Node, pointer: string): Include {
  const texts = (value: Node | undefined) =>
    (value?.kind === 'list' ? value.items : [value]).flatMap((item) => {
      const path = textOf(item)
      return item === undefined || path === undefined ? [] : [{ path, node: item }]
    })
  if (node.kind !== 'map')
    return { node, pointer, paths: texts(node), projectDirectory: undefined, envFiles: [] }
  return {
    node,
    pointer,
    paths: texts(node.entries.get('path')),
    projectDirectory: printed(node.entries.get('project_directory')),
    envFiles: texts(node.entries.get('env_file')),
  }
}

function printed(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && !isNull(node) ? goPrint(node) : undefined
}

/** What variables gave to the secrets of included files: Docker Compose looks at it when it compares two secrets. */
type SecretValues = WeakMap<Node, string>

function readInclude(
  include: Include,
  context: ReadContext,
  read: ReadFiles,
  secretValues: SecretValues,
): MapNode | undefined {
  const { report, shownFrom, files } = context
  const paths = include.paths.map(({ path }) =>
    joinPath(resolvePath(context.filesDirectory ?? context.projectDirectory, path)),
  )
  const first = paths[0] as string
  let failed = false
  for (const [index, path] of paths.entries()) {
    const at = spanOfNode(include.paths[index]?.node)
    const name = displayName(path, shownFrom)
    if (files.stat(path) === undefined) {
      reportProblem(report, {
        code: 'compose/no-file',
        message: `the included file ${name} does not exist`,
        path: include.pointer,
        at,
        many: { subject: name, message: 'the included files <all> do not exist' },
      })
      failed = true
    } else if (index === 0 && context.including.includes(path)) {
      const circle = [...context.including, path].map((one) => displayName(one, shownFrom))
      reportProblem(report, {
        code: 'compose/include-cycle',
        message: `files include each other in a cycle: ${circle.join(' → ')}`,
        path: include.pointer,
        at,
        hint: 'remove one of these includes',
      })
      failed = true
    }
  }
  if (failed) return undefined
  const projectDirectory = directoryOfProject(include, first, context)
  const filesDirectory = include.projectDirectory
    ? joinPath(resolvePath(context.projectDirectory, include.projectDirectory))
    : projectDirectory
  const environment = environmentOf(include, projectDirectory, context)
  const inner: ReadContext = { ...context, projectDirectory, filesDirectory, environment }
  const model = read(paths, inner)
  if (model === undefined) return undefined
  setDefaults(model)
  checkValues(model, report)
  resolvePaths(model, pathBaseFor(projectDirectory, context))
  resolveListedVariables(model, environment)
  refuseConfigsFromEnvironment(model, environment, report)
  for (const secret of mapAt(model, 'secrets')?.entries.values() ?? []) {
    const value = environment.get(textAt(secret, 'environment') ?? '')
    if (value !== undefined) secretValues.set(secret, value)
  }
  return markVia(model, 'include')
}

/** Where the included project lies; the parent of a relative directory that does not exist, as in Docker Compose. */
function directoryOfProject(
  { projectDirectory }: Include,
  firstFile: string,
  context: ReadContext,
): string {
  if (!projectDirectory) return directoryOf(firstFile)
  const directory = joinPath(resolvePath(context.projectDirectory, projectDirectory))
  const exists = context.files.stat(directory)?.kind === 'directory'
  return exists || projectDirectory.startsWith('/') ? directory : directoryOf(directory)
}

/** Docker Compose takes such a config for one with two sources as soon as the variable is set. */
function refuseConfigsFromEnvironment(
  model: MapNode,
  environment: Environment,
  report: Report,
): void {
  for (const [name, config] of mapAt(model, 'configs')?.entries ?? []) {
    const variable = textAt(config, 'environment')
    if (variable === undefined || !environment.has(variable)) continue
    reportProblem(report, {
      code: 'compose/conflicting-keys',
      message: `the config "${name}" comes from the environment, which Docker Compose refuses in an included file`,
      path: pointerTo('/configs', name),
      at: entrySpan(config),
      hint: `write "content: \${${variable}}" instead`,
    })
  }
}

/**
 * Reads the env files of an entry without a path, as Docker Compose does although nothing is included: those that it names,
 * or `.env` in its project directory, which is then relative to the working directory.
 */
function checkEnvFiles(include: Include, context: ReadContext): void {
  const directory = resolvePath(context.workingDirectory, include.projectDirectory ?? '')
  environmentOf(include, directory, context)
}

function environmentOf(include: Include, directory: string, context: ReadContext): Environment {
  const environment: Environment = new Map(context.environment)
  const named = include.envFiles.map(({ path }) => resolvePath(context.projectDirectory, path))
  const paths = named.length > 0 ? named : usualEnvFile(directory, context.files)
  const at = spanOfNode(include.envFiles[0]?.node)
  addEnvFiles(environment, paths, context.reader, context.shownFrom, context.report, at)
  return environment
}

function importResources(
  from: MapNode,
  to: MapNode,
  include: Include,
  context: ReadContext,
  secretValues: SecretValues,
): void {
  for (const section of sections) {
    const resources = mapAt(from, section)
    if (resources === undefined) continue
    let own = to.entries.get(section)
    if (own === undefined) {
      own = mapNode(resources.origins)
      to.entries.set(section, own)
    }
    if (own.kind !== 'map') continue
    if (resources.incomplete) own.incomplete = true
    for (const [name, resource] of resources.entries) {
      const present = own.entries.get(name)
      if (present === undefined) own.entries.set(name, resource)
      else if (
        !sameValue(present, resource) ||
        secretValues.get(present) !== secretValues.get(resource)
      )
        reportProblem(context.report, {
          code: 'compose/include-conflict',
          message: `${displayPath(`/${section}/${name}`)} is defined here and in an included file`,
          path: pointerTo(`/${section}`, name),
          at: entrySpan(present),
          related: [
            { message: 'included from here', at: spanOfNode(include.node) },
            { message: 'defined there', at: entrySpan(resource) },
          ],
          hint: 'rename one of the two, or change the included one in an override file',
        })
    }
  }
}
