import { type Diagnostic, hasErrors, type Report, type Sources } from '@landfall/diagnostic'
import { checkContainerNames } from '../check/consistency.ts'
import { reportProblem } from '../codes.ts'
import type { LoadInput } from '../load.ts'
import { bindProject, type ReadProject, readProject } from '../load-project.ts'
import { loadEnvFiles } from '../normalize/env-files.ts'
import type { Phases } from '../phases.ts'
import { type MapNode, mapAt, mapNode, type Node, textNode } from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'
import { arrangeModel, arrangeProject, type Format } from './arrange.ts'
import { printJson } from './json.ts'
import { type ListOptions, type ListView, listLines } from './lists.ts'
import { narrow, type Part } from './part.ts'
import { dropUnused, selectServices } from './select.ts'
import { printVariables } from './variables-view.ts'
import { printYaml } from './yaml.ts'

export type { Sha256 } from './hash.ts'

/** What `docker compose config` is asked to print. */
export type View = 'project' | 'variables' | ListView

export interface ConfigOptions extends ListOptions {
  readonly view: View
  /** How the project or its variables are printed; `table` is for variables alone. */
  readonly format: Format | 'table'
  /** Services to select, as patterns; their dependencies come along. Some views do not look at them. */
  readonly services?: readonly string[]
  readonly phases?: Phases
  /** The part of the project that is deployed at one place; all of it if omitted. Views of the files as they are written do not look at it. */
  readonly part?: Part
  /** Networks, volumes and the like stay although no service uses them. */
  readonly allResources?: boolean
}

export interface ConfigResult {
  /** Absent where there is an error among the diagnostics. */
  readonly text?: string
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: Sources
}

/** Prints a project, or one view of it, as `docker compose config` prints it, to the byte. */
export function composeConfig(input: LoadInput, options: ConfigOptions): ConfigResult {
  const { phases = {} } = options
  const read = readProject(
    input,
    printsModel(options) ? { ...phases, interpolate: false, environment: false } : phases,
  )
  const { model, diagnostics, sources } = read
  if (model === undefined || hasErrors(diagnostics)) return { diagnostics, sources }
  const text = printView(model, read, options)
  return text === undefined || hasErrors(diagnostics)
    ? { diagnostics, sources }
    : { text, diagnostics, sources }
}

/** Whether the model is printed as it stands in the files, before it is bound to types. */
function printsModel({ view, phases }: ConfigOptions): boolean {
  if (view === 'variables') return true
  return phases?.interpolate === false && (view === 'project' || view === 'services')
}

function printView(model: MapNode, read: ReadProject, options: ConfigOptions): string | undefined {
  const { view, format } = options
  const { report } = read.context
  const structure = format === 'json' ? 'json' : 'yaml'
  if (view === 'variables') return printVariables(model, format)
  if (printsModel(options))
    return view === 'project'
      ? print(
          arrangeModel(model, structure, options.phases?.normalize !== false),
          structure,
          report,
        )
      : lines(mapAt(model, 'services')?.entries.keys() ?? [])

  const disabled = bindSelected(model, read, options)
  if (disabled === undefined) return undefined
  model.entries.set('name', textNode(read.name, []))
  if (view === 'project')
    return print(arrangeProject(model, structure), structure, report)?.replaceAll('$', '$$$$')
  const list = listLines(view, { project: model, disabled, read }, options)
  return list && lines(list)
}

function print(node: Node, format: Format, report: Report): string | undefined {
  if (format === 'yaml') return printYaml(node)
  if (canBeJson(node)) return printJson(node)
  reportProblem(report, {
    code: 'compose/invalid-value',
    message: 'JSON has no representation of .inf and .nan',
    path: '',
    hint: 'use --format yaml',
  })
  return undefined
}

function canBeJson(node: Node): boolean {
  if (node.kind === 'map') return [...node.entries.values()].every(canBeJson)
  if (node.kind === 'list') return node.items.every(canBeJson)
  return node.type !== 'float' || Number.isFinite(node.value)
}

function lines(list: Iterable<string>): string {
  return [...list].map((line) => `${line}\n`).join('')
}

const selectingViews: ReadonlySet<View> = new Set(['project', 'profiles', 'images', 'environment'])

/** Binds a model to types and leaves what was selected of it; gives the other services, or undefined after an error. */
function bindSelected(
  model: MapNode,
  read: ReadProject,
  { view, services: names = [], phases = {}, part, allResources }: ConfigOptions,
): MapNode | undefined {
  const { context, settings } = read
  const resolveEnvironment = view === 'project' || view === 'environment'
  const disabled = bindProject(model, read, { ...phases, resolveEnvironment })
  if (hasErrors(read.diagnostics)) return undefined

  const all = mapAt(model, 'services') ?? mapNode([])
  if (part !== undefined) narrow(all, part)
  const patterns = selectingViews.has(view) ? names : []
  const services = selectServices(all, disabled, patterns, settings.profiles, context.report)
  if (services === undefined) return undefined
  model.entries.set('services', services)
  if (view === 'project') {
    if (phases.resolveEnvironment !== false)
      for (const [name, service] of services.entries) {
        if (service.kind !== 'map') continue
        loadEnvFiles(service, pointerTo('/services', name), context)
      }
    if (phases.checkConsistency !== false) checkContainerNames(model, context.report)
  }
  if (!allResources) dropUnused(model)
  const left = [...all.entries, ...disabled.entries].filter(([name]) => !services.entries.has(name))
  return mapNode([], left)
}
