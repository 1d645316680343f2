import type { Origin, Report, Span } from '@landfall/diagnostic'
import { type Problem, reportProblem } from '../codes.ts'
import { type MapNode, mapNode, type Node, nullNode, type ScalarNode } from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'
import { resolveAliases } from './aliases.ts'
import { resolvePlain, resolveTagged } from './scalar.ts'
import type { SyntaxMap, SyntaxNode, SyntaxScalar } from './syntax.ts'

/** One YAML document of a Compose file. */
export interface SourceDocument {
  readonly root: Node
  /** Keys, from the top, of what `!reset` and `!override` stand on. */
  readonly resets: readonly (readonly string[])[]
}

/** More values out of aliases, or deeper ones, than any project has. */
const aliasLimit = 100_000
const depthLimit = 400

/** What is written where a value is expected; null: nothing. */
type Written = SyntaxNode | null

/** The keys that lead to a value, the last one first. */
interface Path {
  readonly key: string
  readonly above: Path | undefined
  readonly depth: number
}

interface Key {
  readonly text: string
  /** Written without quotes, as `<<` has to be. */
  readonly plain: boolean
  readonly isAlias: boolean
  readonly span: Span
}

/**
 * The tree of a document: scalars by go-yaml's rules, aliases replaced, `<<` merged, `!reset` values left out.
 * undefined: something makes the document unreadable, which is reported. `anchors` are shared by the documents of a file.
 */
export function readDocument(
  contents: SyntaxNode,
  file: string,
  anchors: Map<string, SyntaxNode>,
  report: Report,
): SourceDocument | undefined {
  const resets: string[][] = []
  const resetNodes = new Set<SyntaxNode>()
  let aliased = 0
  let aliasDepth = 0
  let overriding = false
  let failed = false

  const { targets, problem } = resolveAliases(contents, anchors)
  if (problem !== undefined) {
    const { alias, cyclic } = problem
    const { name } = alias
    fail({
      code: 'compose/yaml-syntax',
      message: cyclic
        ? `the anchor "${name}" contains itself`
        : `there is no anchor "${name}" above this alias`,
      path: '',
      at: spanOf(alias),
      hint: cyclic ? undefined : `define it with "&${name}" further up in the same file`,
    })
    return undefined
  }
  const root = readNode(contents, undefined, '') ?? nullNode(originsOf(contents))
  return failed ? undefined : { root, resets }

  function fail(problem: Problem): undefined {
    if (!failed) reportProblem(report, problem)
    failed = true
    return undefined
  }

  function spanOf({ start, end }: SyntaxNode): Span {
    return { file, start, end }
  }

  function originsOf(source: SyntaxNode): readonly Origin[] {
    const span = spanOf(source)
    return [aliasDepth > 0 ? { kind: 'file', span, via: 'anchor' } : { kind: 'file', span }]
  }

  /** undefined: the value is reset away, or the document unreadable. */
  function readNode(source: Written, path: Path | undefined, pointer: string): Node | undefined {
    if (source === null) return nullNode([])
    if (failed) return undefined
    if (aliasDepth > 0 && (++aliased > aliasLimit || (path?.depth ?? 0) > depthLimit))
      return fail({
        code: 'compose/too-large',
        message: `the aliases of ${file} expand to too many values`,
        path: pointer,
        at: spanOf(source),
      })
    if (source.kind === 'alias') {
      aliasDepth++
      const node = readNode(targets.get(source) ?? null, path, pointer)
      aliasDepth--
      return node
    }
    if (source.tag === '!reset' && (!overriding || resetNodes.has(source))) {
      // An anchored value is reset where it stands, and just missing where its aliases stand.
      if (!resetNodes.has(source)) resets.push(keysOf(path))
      resetNodes.add(source)
      return undefined
    }
    if (source.tag === '!override' && !overriding) {
      // Docker Compose does not look for further tags below this one.
      resets.push(keysOf(path))
      overriding = true
      const node = readNode(source, path, pointer)
      overriding = false
      return node
    }
    if (source.kind === 'map') return readMap(source, path, pointer)
    if (source.kind === 'scalar') return readScalar(source, pointer)
    const items = source.items.flatMap((item, index) => {
      const at = pointerTo(pointer, index)
      return readNode(item, below(path, String(index)), at) ?? []
    })
    return { kind: 'list', items, origins: originsOf(source) }
  }

  function readMap(source: SyntaxMap, path: Path | undefined, pointer: string): MapNode {
    const node = mapNode(originsOf(source))
    const seen = new Map<string, Span>()
    let merge: Written | undefined
    for (const pair of source.pairs) {
      const key = readKey(pair.key, pointer)
      if (key === undefined) continue
      const first = seen.get(key.text)
      if (first !== undefined && !key.isAlias) {
        reportDuplicate(key, pointer, first)
        continue
      }
      seen.set(key.text, key.span)
      if (key.text === '<<' && key.plain) {
        merge = pair.value
        continue
      }
      const at = pointerTo(pointer, key.text)
      const value = readNode(pair.value, below(path, key.text), at)
      if (value === undefined) continue
      value.key = key.span
      if (value.origins.length === 0) value.origins = [{ kind: 'file', span: key.span }]
      node.entries.set(key.text, value)
    }
    if (merge !== undefined) mergeInto(node, merge, path, pointer)
    return node
  }

  /** Keys that stand in the mapping win, then earlier mappings over later ones. */
  function mergeInto(
    node: MapNode,
    source: Written,
    path: Path | undefined,
    pointer: string,
  ): void {
    const value = readNode(source, path, pointer)
    for (const part of value?.kind === 'list' ? value.items : [value]) {
      if (part === undefined) continue
      if (part.kind !== 'map') {
        fail({
          code: 'compose/yaml-syntax',
          message: '"<<" merges mappings only',
          path: pointer,
          at: source === null ? undefined : spanOf(source),
        })
        return
      }
      for (const [key, child] of part.entries)
        if (!node.entries.has(key)) node.entries.set(key, child)
    }
  }

  function readKey(source: Written, pointer: string): Key | undefined {
    const target = source?.kind === 'alias' ? targets.get(source) : source
    if (target?.kind === 'scalar' && source !== null) {
      const scalar = readScalar(target, pointer)
      if (scalar?.type === 'string')
        return {
          text: scalar.value as string,
          plain: target.plain,
          isAlias: source.kind === 'alias',
          span: spanOf(source),
        }
    }
    const text = target?.kind === 'scalar' ? target.text : undefined
    reportProblem(report, {
      code: 'compose/non-text-key',
      message:
        text === undefined
          ? 'a key must be a string'
          : `the key ${text || '(empty)'} is not a string`,
      path: pointer,
      at: source === null ? undefined : spanOf(source),
      hint: text ? `quote it: "${text}"` : undefined,
    })
    return undefined
  }

  function reportDuplicate(key: Key, pointer: string, first: Span): void {
    if (aliasDepth > 0) return // reported where the anchor stands
    reportProblem(report, {
      code: 'compose/duplicate-key',
      message: `the key "${key.text}" is repeated in this mapping`,
      path: pointerTo(pointer, key.text),
      at: key.span,
      related: [{ message: 'first set here', at: first }],
      hint: 'remove one of the two',
    })
  }

  function readScalar(source: SyntaxScalar, pointer: string): ScalarNode | undefined {
    const { text } = source
    const origins = originsOf(source)
    if (source.tag === undefined || source.tag === '!') {
      const resolved = source.plain ? resolvePlain(text) : { type: 'string' as const, value: text }
      return { kind: 'scalar', ...resolved, origins }
    }
    const resolved = resolveTagged(source.tag, text)
    if (resolved !== undefined) return { kind: 'scalar', ...resolved, origins }
    return fail({
      code: 'compose/yaml-syntax',
      message: `"${text}" does not fit its tag ${source.tag.replace('tag:yaml.org,2002:', '!!')}`,
      path: pointer,
      at: spanOf(source),
    })
  }
}

function below(above: Path | undefined, key: string): Path {
  return { key, above, depth: (above?.depth ?? 0) + 1 }
}

function keysOf(path: Path | undefined): string[] {
  const keys: string[] = []
  for (let at = path; at !== undefined; at = at.above) keys.unshift(at.key)
  return keys
}
