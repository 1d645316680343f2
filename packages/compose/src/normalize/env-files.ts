import type { Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { type Dotenv, parseDotenv, parseRawEnv } from '../dotenv/parse.ts'
import { reportDotenv } from '../dotenv/report.ts'
import type { Environment } from '../files/environment.ts'
import { displayName, resolvePath } from '../files/paths.ts'
import type { TextReader } from '../files/read-text.ts'
import { copyOfTemplate } from '../files/template-of.ts'
import type { Lookup } from '../interpolate/template.ts'
import type { FileSystem } from '../load.ts'
import { extentOfVariables } from '../source/extent.ts'
import {
  isNull,
  itemsAt,
  type MapNode,
  mapAt,
  mapNode,
  type Node,
  spanOfNode,
  textAt,
  textNode,
  textOf,
} from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'
import { resolveVariables } from './variables.ts'

export interface EnvFileContext {
  readonly environment: Environment
  readonly files: FileSystem
  readonly reader: TextReader
  readonly workingDirectory: string
  readonly shownFrom: string
  readonly report: Report
}

/**
 * Reads the env files of a service into its `environment`, under what stands there, and drops `env_file`. Variables named
 * without a value get the one of the environment.
 */
export function loadEnvFiles(service: MapNode, pointer: string, context: EnvFileContext): void {
  resolveVariables(service, 'environment', context.environment, true)
  const own = mapAt(service, 'environment') ?? mapNode([])
  const fromFiles = new Map<string, Node>()
  const known = new Map<string, string>()
  for (const [name, value] of own.entries) {
    const text = textOf(value)
    if (text !== undefined) known.set(name, text)
  }
  for (const [index, entry] of itemsAt(service, 'env_file').entries()) {
    if (entry.kind !== 'map' || entry.incomplete) continue
    const path = textAt(entry, 'path') ?? ''
    const node = entry.entries.get('path') ?? entry
    const required = entry.entries.get('required')
    const optional = required?.kind === 'scalar' && required.value === false
    const at = pointerTo(`${pointer}/env_file`, index)
    const lookup: Lookup = (name) => context.environment.get(name) ?? textOf(own.entries.get(name))
    const format = textAt(entry, 'format') ?? ''
    const parsed = readFile(path, node, at, context, {
      code: 'compose/env-file-not-found',
      kind: 'env file',
      hint: 'create it, or make it optional with "path:" and "required: false"',
      optional,
      parse: (text) => {
        if (format === 'raw') return parseRawEnv(text, lookup)
        if (format === '') return parseDotenv(text, lookup, known)
        reportProblem(context.report, {
          code: 'compose/not-allowed-value',
          message: `"${format}" is not a format of env files`,
          path: `${at}/format`,
          at: spanOfNode(entry.entries.get('format')),
          hint: 'omit it, or use "raw" to read each line literally',
        })
        return undefined
      },
    })
    for (const [name, value] of parsed) {
      known.set(name, textOf(value) ?? '')
      fromFiles.set(name, value)
    }
  }
  service.entries.delete('env_file')
  if (fromFiles.size === 0) return
  for (const [name, value] of own.entries) fromFiles.set(name, value)
  service.entries.set('environment', { ...own, entries: fromFiles })
}

/** Reads the label files of a service into its `labels`, under what stands there, and drops `label_file`. */
export function loadLabelFiles(service: MapNode, pointer: string, context: EnvFileContext): void {
  const own = mapAt(service, 'labels') ?? mapNode([])
  const fromFiles = new Map<string, Node>()
  const known = new Map<string, string>()
  for (const [index, node] of itemsAt(service, 'label_file').entries()) {
    const path = textOf(node)
    if (path === undefined) continue
    const parsed = readFile(path, node, pointerTo(`${pointer}/label_file`, index), context, {
      code: 'compose/label-file-not-found',
      kind: 'label file',
      hint: 'create it',
      optional: false,
      parse: (text) => parseDotenv(text, (name) => known.get(name)),
    })
    for (const [name, value] of parsed) {
      known.set(name, textOf(value) ?? '')
      fromFiles.set(name, value)
    }
  }
  service.entries.delete('label_file')
  if (fromFiles.size === 0) return
  for (const [name, value] of own.entries) if (!isNull(value)) fromFiles.set(name, value)
  service.entries.set('labels', { ...own, entries: fromFiles })
}

interface FileKind {
  readonly code: 'compose/env-file-not-found' | 'compose/label-file-not-found'
  readonly kind: string
  readonly hint: string
  readonly optional: boolean
  /** undefined: it cannot be read, which is reported. */
  parse(text: string): Dotenv | undefined
}

function readFile(
  path: string,
  node: Node,
  pointer: string,
  { reader, files, workingDirectory, shownFrom, report }: EnvFileContext,
  { code, kind, hint, optional, parse }: FileKind,
): Map<string, Node> {
  const file = reader.read(path && resolvePath(workingDirectory, path), spanOfNode(node), 'secret')
  if (file === undefined) {
    const name = displayName(path, shownFrom)
    const message = `the ${kind} ${name} does not exist`
    const copy = copyOfTemplate(resolvePath(workingDirectory, path), files, shownFrom)
    const advice = copy === undefined ? hint : `${copy}, then edit it`
    if (!optional)
      reportProblem(report, {
        code,
        message,
        path: pointer,
        at: spanOfNode(node),
        hint: advice,
        many: { subject: name, message, hint: advice },
      })
    return new Map()
  }
  if (!reader.budget(extentOfVariables(file.text), spanOfNode(node))) return new Map()
  const parsed = parse(file.text)
  if (parsed === undefined) return new Map()
  const { values, places } = parsed
  reportDotenv(parsed, file, { path: pointer, at: spanOfNode(node) }, report)
  const nodes = [...values].map(([name, value]): [string, Node] => {
    const span = { file: file.name, start: 0, end: 0, ...places.get(name) }
    return [name, textNode(value, [{ kind: 'file', span, via: 'env_file' }])]
  })
  return new Map(nodes)
}
