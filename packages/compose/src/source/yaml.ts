import type { Origin, Report, Span } from '@landfall/diagnostic'
import {
  type Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { reportProblem } from '../codes.ts'
import { type MapNode, mapNode, type Node, nullNode, type ScalarNode } from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'
import { resolveAliases } from './aliases.ts'
import { tooDeepAt } from './nesting.ts'
import { resolvePlain, resolveTagged } from './scalar.ts'
import { explainYamlError } from './yaml-error.ts'

/** One YAML document of a Compose file. */
export interface SourceDocument {
  readonly root: Node
  /** Keys, from the top, of what `!reset` and `!override` stand on. */
  readonly resets: readonly (readonly string[])[]
}

/** More values than this out of aliases is no project. */
const aliasLimit = 200_000
const depthLimit = 400

/**
 * The documents of a text as trees. undefined: the text is no YAML, which is reported, once.
 * References: https://yaml.org/spec/1.2.2/ and https://yaml.org/type/merge.html.
 */
export function readYaml(text: string, file: string, report: Report): SourceDocument[] | undefined {
  const deep = tooDeepAt(text)
  if (deep !== undefined) {
    reportProblem(report, {
      code: 'compose/too-large',
      message: `${file} is nested too deeply`,
      path: '',
      at: { file, start: deep, end: deep + 1 },
    })
    return undefined
  }
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  if ('empty' in documents) return []
  for (const document of documents) {
    const first = document.errors[0]
    if (first === undefined) continue
    const { message, start, end, hint } = explainYamlError(first, document)
    reportProblem(report, {
      code: 'compose/yaml-syntax',
      message: `this is not valid YAML: ${message}`,
      path: '',
      at: { file, start, end },
      hint,
    })
    return undefined
  }
  const out: SourceDocument[] = []
  const anchors = new Map<string, ParsedNode>()
  for (const document of documents) {
    const contents = document.contents as ParsedNode | null
    if (contents === null) continue
    const reader = new DocumentReader(file, anchors, report)
    const root = reader.read(contents)
    if (root === undefined) return undefined
    out.push({ root, resets: reader.resets })
  }
  return out
}

/** Turns the nodes of one document into a tree; stops at the first thing that makes the document unreadable. */
class DocumentReader {
  readonly resets: string[][] = []
  private readonly resetNodes = new Set<unknown>()
  private readonly file: string
  private readonly report: Report
  private readonly anchors: Map<string, ParsedNode>
  private targets: ReadonlyMap<Alias, ParsedNode> = new Map()
  private aliased = 0
  private failed = false
  private aliasDepth = 0

  constructor(file: string, anchors: Map<string, ParsedNode>, report: Report) {
    this.file = file
    this.anchors = anchors
    this.report = report
  }

  read(contents: ParsedNode): Node | undefined {
    const aliases = resolveAliases(contents, this.anchors)
    if (aliases.problem !== undefined) {
      const { alias, cyclic } = aliases.problem
      reportProblem(this.report, {
        code: 'compose/yaml-syntax',
        message: cyclic
          ? `the anchor "${alias.source}" contains itself`
          : `there is no anchor "${alias.source}" above this alias`,
        path: '',
        at: this.spanOf(alias),
        hint: cyclic
          ? undefined
          : `Define it with "&${alias.source}" further up in the same document.`,
      })
      return undefined
    }
    this.targets = aliases.targets
    const root = this.node(contents, [], '')
    return this.failed ? undefined : (root ?? nullNode(this.originsOf(contents)))
  }

  /** undefined: the value is reset away. */
  private node(
    source: ParsedNode | null,
    path: readonly string[],
    pointer: string,
  ): Node | undefined {
    if (source === null) return nullNode([])
    if (this.failed) return undefined
    if (this.aliasDepth > 0 && (++this.aliased > aliasLimit || path.length > depthLimit))
      return this.fail(source, pointer)
    if (isAlias(source)) {
      this.aliasDepth++
      const node = this.node(this.targets.get(source) as ParsedNode, path, pointer)
      this.aliasDepth--
      return node
    }
    if (source.tag === '!reset') {
      if (!this.resetNodes.has(source)) this.resets.push([...path])
      this.resetNodes.add(source)
      return undefined
    }
    if (source.tag === '!override') this.resets.push([...path])
    if (isMap(source)) return this.map(source as YAMLMap.Parsed, path, pointer)
    if (isSeq(source)) {
      const items: Node[] = []
      source.items.forEach((item, index) => {
        const value = this.node(
          item as ParsedNode,
          [...path, String(index)],
          pointerTo(pointer, index),
        )
        if (value !== undefined) items.push(value)
      })
      return { kind: 'list', items, origins: this.originsOf(source) }
    }
    return this.scalar(source as Scalar.Parsed, pointer)
  }

  private map(source: YAMLMap.Parsed, path: readonly string[], pointer: string): MapNode {
    const node = mapNode(this.originsOf(source))
    const seen = new Map<string, Span>()
    let merge: ParsedNode | null | undefined
    for (const pair of source.items) {
      if (!isPair(pair)) continue
      const key = this.key(pair.key as ParsedNode | null, pointer)
      if (key === undefined) continue
      const first = seen.get(key.text)
      if (first !== undefined && !isAlias(pair.key)) {
        this.reportDuplicate(key, pointer, first)
        continue
      }
      seen.set(key.text, key.span)
      if (key.text === '<<' && key.plain) {
        merge = pair.value as ParsedNode | null
        continue
      }
      const value = this.node(
        pair.value as ParsedNode | null,
        [...path, key.text],
        pointerTo(pointer, key.text),
      )
      if (value === undefined) continue
      value.key = key.span
      if (value.origins.length === 0) value.origins = [{ kind: 'file', span: key.span }]
      node.entries.set(key.text, value)
    }
    if (merge !== undefined) this.mergeInto(node, merge, path, pointer)
    return node
  }

  /** `<<`: keys that stand in the mapping win, then earlier mappings over later ones. */
  private mergeInto(
    node: MapNode,
    source: ParsedNode | null,
    path: readonly string[],
    pointer: string,
  ): void {
    const value = this.node(source, path, pointer)
    for (const part of value?.kind === 'list' ? value.items : [value]) {
      if (part === undefined) continue
      if (part.kind !== 'map') {
        reportProblem(this.report, {
          code: 'compose/yaml-syntax',
          message: '"<<" merges mappings only',
          path: pointer,
          at: source === null ? undefined : this.spanOf(source),
        })
        this.failed = true
        return
      }
      for (const [key, child] of part.entries)
        if (!node.entries.has(key)) node.entries.set(key, child)
    }
  }

  private key(
    source: ParsedNode | null,
    pointer: string,
  ): { text: string; plain: boolean; span: Span } | undefined {
    const target = isAlias(source) ? this.targets.get(source) : source
    if (isScalar(target)) {
      const scalar = this.scalar(target as Scalar.Parsed, pointer)
      if (scalar?.type === 'string')
        return {
          text: scalar.value as string,
          plain: target.type === 'PLAIN',
          span: this.spanOf(source as ParsedNode),
        }
    }
    const text = isScalar(target) ? String(target.value) : undefined
    reportProblem(this.report, {
      code: 'compose/non-text-key',
      message:
        text === undefined ? 'a key must be text' : `the key ${text || '(empty)'} is not text`,
      path: pointer,
      at: source === null ? undefined : this.spanOf(source),
      hint: text ? `Quote it: "${text}".` : undefined,
    })
    return undefined
  }

  private reportDuplicate(key: { text: string; span: Span }, pointer: string, first: Span): void {
    if (this.aliasDepth > 0) return
    reportProblem(this.report, {
      code: 'compose/duplicate-key',
      message: `the key "${key.text}" stands twice in this mapping`,
      path: pointerTo(pointer, key.text),
      at: key.span,
      related: [{ message: 'first set here', at: first }],
      hint: 'Remove one of the two.',
    })
  }

  private scalar(source: Scalar.Parsed, pointer: string): ScalarNode | undefined {
    const text = source.source ?? ''
    const origins = this.originsOf(source)
    if (source.tag !== undefined && source.tag !== '!') {
      const resolved = resolveTagged(source.tag, text)
      if (resolved !== undefined) return { kind: 'scalar', ...resolved, origins }
      reportProblem(this.report, {
        code: 'compose/yaml-syntax',
        message: `"${text}" does not fit its tag ${source.tag.replace('tag:yaml.org,2002:', '!!')}`,
        path: pointer,
        at: this.spanOf(source),
      })
      this.failed = true
      return undefined
    }
    if (source.type !== 'PLAIN') return { kind: 'scalar', type: 'string', value: text, origins }
    return { kind: 'scalar', ...resolvePlain(text), origins }
  }

  private fail(source: ParsedNode, pointer: string): undefined {
    reportProblem(this.report, {
      code: 'compose/too-large',
      message: `the aliases of ${this.file} expand to more values than any project has`,
      path: pointer,
      at: this.spanOf(source),
    })
    this.failed = true
    return undefined
  }

  private spanOf(source: ParsedNode): Span {
    const [start, end] = source.range
    return { file: this.file, start, end: Math.max(end, start) }
  }

  private originsOf(source: ParsedNode): readonly Origin[] {
    const via = this.aliasDepth > 0 ? ({ via: 'anchor' } as const) : {}
    return [{ kind: 'file', span: this.spanOf(source), ...via }]
  }
}
