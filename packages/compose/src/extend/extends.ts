import { displayPath } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { relativePath } from '../files/paths.ts'
import { mergeService } from '../merge/merge.ts'
import { applyResets } from '../merge/resets.ts'
import type { ReadContext } from '../read-context.ts'
import { suggest } from '../schema/suggest.ts'
import {
  cloneNode,
  describeNode,
  isNull,
  type MapNode,
  mapAt,
  mapNode,
  type Node,
  sizeOf,
  spanOfNode,
  textOf,
} from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'
import { markVia } from '../tree/via.ts'

/** A file whose services can be extended, with its own `extends` not applied yet. */
export interface ExtensibleFile {
  /** Name for messages. */
  readonly name: string
  /** Whether its paths are resolved already, from its own directory. */
  readonly isResolved: boolean
  readonly services: MapNode
  readonly resets: readonly (readonly string[])[]
}

/** Reads the file that `extends.file` names; undefined where it cannot be read, which is reported. */
export type OpenFile = (path: string, from: Node) => ExtensibleFile | undefined

type Context = Pick<ReadContext, 'report' | 'reader' | 'projectDirectory'>

/** Services on the way to the last one that is extended: more than any project has. */
const stepLimit = 100

/**
 * A service on the way to the last one that is extended, and the file that its `extends` names; undefined: its own file.
 * Docker Compose compares these pairs, with the paths as they are written in the main file.
 */
interface Step {
  readonly from: string | undefined
  readonly service: string
}

/**
 * Replaces every `extends` in the services of a file by what the extended service says, merged under the service's own.
 * Reference: https://github.com/compose-spec/compose-spec/blob/main/05-services.md#extends
 */
export function applyExtends(file: ExtensibleFile, open: OpenFile, context: Context): void {
  for (const name of file.services.entries.keys()) extendService(name, file, [], open, context)
}

function extendService(
  name: string,
  file: ExtensibleFile,
  steps: readonly Step[],
  open: OpenFile,
  context: Context,
): Node | undefined {
  const service = file.services.entries.get(name)
  const extend = service?.kind === 'map' ? service.entries.get('extends') : undefined
  if (service?.kind !== 'map' || extend === undefined) return service
  const pointer = pointerTo(pointerTo('/services', name), 'extends')
  const fail = (
    code:
      | 'compose/extends-not-found'
      | 'compose/extends-cycle'
      | 'compose/too-large'
      | 'compose/wrong-type',
    message: string,
    at: Node,
    hint?: string,
  ) => {
    reportProblem(context.report, { code, message, path: pointer, at: spanOfNode(at), hint })
    service.entries.delete('extends')
    service.incomplete = true
    return service
  }
  const serviceNode = extend.kind === 'map' ? extend.entries.get('service') : extend
  const ref = textOf(serviceNode)
  if (serviceNode === undefined || ref === undefined) return service // the schema will say so

  const fileNode = extend.kind === 'map' ? extend.entries.get('file') : undefined
  const path = textOf(fileNode)
  if (fileNode !== undefined && path === undefined && !isNull(fileNode))
    return fail(
      'compose/wrong-type',
      `${displayPath(pointer)}.file must be a string, not ${describeNode(fileNode)}`,
      fileNode,
    )
  const source = path === undefined || fileNode === undefined ? file : open(path, fileNode)
  if (source === undefined) {
    service.entries.delete('extends')
    service.incomplete = true
    return service
  }
  if (!source.services.entries.has(ref)) {
    const near = suggest(ref, source.services.entries.keys())
    return fail(
      'compose/extends-not-found',
      `${name} extends the service "${ref}", which ${source.name} does not have`,
      serviceNode,
      near && `did you mean "${near}"?`,
    )
  }
  const from = path && file.isResolved ? relativeTo(context.projectDirectory, path) : path
  if (steps.some((step) => step.from === from && step.service === name)) {
    const circle = [...steps.map((other) => other.service), name].join(' → ')
    return fail(
      'compose/extends-cycle',
      `services extend each other in a cycle: ${circle}`,
      serviceNode,
    )
  }
  if (steps.length === stepLimit)
    return fail(
      'compose/too-large',
      `services extend each other over more than ${stepLimit} steps`,
      serviceNode,
    )
  const base = extendService(ref, source, [...steps, { from, service: name }], open, context)
  if (base === undefined || isNull(base)) return service
  if (base.kind !== 'map')
    return fail(
      'compose/wrong-type',
      `the service "${ref}" in ${source.name} must be a mapping, not ${describeNode(base)}`,
      serviceNode,
    )
  if (!context.reader.budget(sizeOf(base), spanOfNode(serviceNode))) {
    service.entries.delete('extends')
    service.incomplete = true
    return service
  }
  const merged = markVia(cloneNode(base), 'extends')
  applyResets(mapNode([], [['services', mapNode([], [[name, merged]])]]), file.resets)
  const own = { ...service, entries: new Map(service.entries) }
  own.entries.delete('extends')
  mergeService(merged, own, pointerTo('/services', name), context.report)
  merged.entries.delete('extends')
  if (service.key !== undefined) merged.key = service.key
  merged.origins = service.origins
  file.services.entries.set(name, merged)
  return merged
}

function relativeTo(directory: string, path: string): string {
  return path.startsWith('/') ? relativePath(directory, path) : path
}

/** The services of a file's tree, or an empty mapping. */
export function servicesOf(root: MapNode): MapNode {
  return mapAt(root, 'services') ?? mapNode([])
}
