import type { Report } from '@landfall/diagnostic'
import { canonicalize } from './canonical/canonical.ts'
import { dropVastPortRanges } from './canonical/port-ranges.ts'
import { checkForms } from './canonical/unchecked-forms.ts'
import { reportProblem } from './codes.ts'
import { applyExtends, type ExtensibleFile, servicesOf } from './extend/extends.ts'
import { applyIncludes } from './extend/include.ts'
import { directoryOf, displayName, resolvePath } from './files/paths.ts'
import { interpolate } from './interpolate/interpolate.ts'
import { mergeProjects } from './merge/merge.ts'
import { applyResets } from './merge/resets.ts'
import { enforceUnique } from './merge/unique.ts'
import { pathBaseFor, resolvePaths } from './normalize/resolve-paths.ts'
import type { ReadContext } from './read-context.ts'
import { validateSchema } from './schema/validate.ts'
import type { SourceDocument } from './source/document.ts'
import { extentOf } from './source/extent.ts'
import { readYaml } from './source/yaml.ts'
import {
  describeNode,
  entrySpan,
  isNull,
  type MapNode,
  mapNode,
  type Node,
  spanOfNode,
} from './tree/node.ts'

/** A document more is at least as much work as this many values. */
const documentFee = 1000

/** What YAML does not allow anywhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const forbidden = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/

/** The documents of a file; undefined where it cannot be read, which is reported. */
export function readDocuments(path: string, context: ReadContext): SourceDocument[] | undefined {
  const file = context.reader.read(path)
  if (file === undefined) {
    reportProblem(context.report, {
      code: 'compose/no-file',
      message: `the file ${displayName(path, context.shownFrom)} does not exist`,
      path: '',
    })
    return undefined
  }
  if (file.failed) return undefined
  const wrong = file.isUtf8 ? forbidden.exec(file.text) : /\ufffd/.exec(file.text)
  if (wrong !== null) {
    reportProblem(context.report, {
      code: 'compose/unreadable-file',
      message: file.isUtf8
        ? `${file.name} holds a control character and is not a string`
        : `${file.name} is not UTF-8 text`,
      path: '',
      at: { file: file.name, start: wrong.index, end: wrong.index + 1 },
      hint: 'save the file as UTF-8',
    })
    return undefined
  }
  const start = { file: file.name, start: 0, end: 0 }
  if (!context.reader.budget(extentOf(file.text), start)) return undefined
  return readYaml(file.text, file.name, context.report)
}

/** Reads the documents of Compose files one after the other into one canonical tree, which fits the schema. */
export function readModel(
  files: readonly { readonly path: string; readonly documents: readonly SourceDocument[] }[],
  context: ReadContext,
): MapNode {
  const model = mapNode([])
  for (const { path, documents } of files)
    for (const [index, document] of documents.entries()) {
      // Each document is checked together with all before it.
      if (index > 0 && !context.reader.budget(documentFee)) break
      const root = prepare(document, path, context)
      if (root === undefined) continue
      checkServices(root, context.report)
      const opened = new Map<string, ExtensibleFile | undefined>()
      const file = {
        name: displayName(path, context.shownFrom),
        isResolved: false,
        services: servicesOf(root),
        resets: document.resets,
      }
      applyExtends(file, (extended, from) => openOnce(extended, from, opened, context), context)
      applyResets(model, document.resets)
      applyIncludes(root, path, context, readFiles)
      mergeProjects(model, root, context.report)
      enforceUnique(model)
      validateSchema(model, context.report)
      dropVersion(model, context.report)
      dropVastPortRanges(model, context.reader.budget)
      canonicalize(model, context.report, !context.interpolate)
      enforceUnique(model)
    }
  return model
}

/** Reads files into one tree; undefined where one of them cannot be read, which is reported. */
function readFiles(paths: readonly string[], context: ReadContext): MapNode | undefined {
  const read = paths.map((path) => ({ path, documents: readDocuments(path, context) }))
  const files = read.flatMap(({ path, documents }) => (documents ? [{ path, documents }] : []))
  return files.length < paths.length ? undefined : readModel(files, context)
}

function prepare(
  document: SourceDocument,
  path: string,
  context: ReadContext,
): MapNode | undefined {
  const { root } = document
  if (root.kind !== 'map') {
    reportProblem(context.report, {
      code: 'compose/not-a-mapping',
      message: `${displayName(path, context.shownFrom)} must be a mapping`,
      path: '',
      at: spanOfNode(root),
      hint: 'start with "services:"',
    })
    return undefined
  }
  if (context.interpolate)
    interpolate(
      root,
      (name) => context.environment.get(name),
      context.report,
      context.missingEnvFile?.(),
    )
  return root
}

/** Each document that has `services` must have a mapping there: Docker Compose does not skip an empty one. */
function checkServices(root: MapNode, report: Report): void {
  const services = root.entries.get('services')
  if (services === undefined || services.kind === 'map') return
  reportProblem(report, {
    code: 'compose/wrong-type',
    message: `services must be a mapping, not ${describeNode(services)}`,
    path: '/services',
    at: entrySpan(services),
    hint: isNull(services) ? 'remove the key, or define services below it' : undefined,
  })
  root.entries.delete('services')
  root.incomplete = true
}

function dropVersion(model: MapNode, report: Report): void {
  const version = model.entries.get('version')
  if (version === undefined) return
  reportProblem(report, {
    code: 'compose/obsolete-version',
    severity: 'warning',
    message: 'the top-level "version" is obsolete and has no effect',
    path: '/version',
    at: version.key ?? spanOfNode(version),
    hint: 'remove the line',
  })
  model.entries.delete('version')
}

function openOnce(
  path: string,
  from: Node,
  opened: Map<string, ExtensibleFile | undefined>,
  context: ReadContext,
): ExtensibleFile | undefined {
  const absolute = resolvePath(context.filesDirectory ?? context.projectDirectory, path)
  if (!opened.has(absolute)) opened.set(absolute, openExtended(absolute, from, context))
  return opened.get(absolute)
}

/** A file that services are extended from: in long forms, its paths made absolute from its own directory, not validated. */
function openExtended(path: string, from: Node, context: ReadContext): ExtensibleFile | undefined {
  const name = displayName(path, context.shownFrom)
  if (context.files.stat(path) === undefined) {
    reportProblem(context.report, {
      code: 'compose/extends-not-found',
      message: `the file ${name}, which a service extends, does not exist`,
      path: '',
      at: spanOfNode(from),
    })
    return undefined
  }
  const documents = readDocuments(path, context)
  if (documents === undefined) return undefined
  const model = mapNode([])
  for (const document of documents) {
    const root = prepare(document, path, context)
    if (root === undefined) continue
    applyResets(model, document.resets)
    mergeProjects(model, root, context.report)
    if (!checkForms(model, context.report)) return undefined
    enforceUnique(model)
    dropVastPortRanges(model, context.reader.budget)
    canonicalize(model, context.report, !context.interpolate)
    enforceUnique(model)
  }
  resolvePaths(model, pathBaseFor(directoryOf(path), context))
  const services = servicesOf(model)
  return { name, isResolved: true, services, resets: documents.flatMap(({ resets }) => resets) }
}
