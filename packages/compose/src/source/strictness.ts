import type { SyntaxNode } from './syntax.ts'

export interface Refusal {
  readonly message: string
  readonly hint: string
  /** UTF-16 offset. */
  readonly at: number
}

/** What go-yaml refuses although YAML 1.2 allows it; undefined: nothing. */
export function refusedByGo(text: string, documents: readonly SyntaxNode[]): Refusal | undefined {
  const version = /^%YAML[ \t]+(?!1\.1\b)/m.exec(text)
  if (version !== null)
    return {
      message: 'Docker Compose supports YAML 1.1 only',
      hint: 'remove the line',
      at: version.index,
    }
  const tab = misplacedTab(text, documents)
  if (tab !== undefined)
    return { message: 'a tab is used as indentation', hint: 'indent with spaces', at: tab }
  for (const document of documents) {
    const refusal = findRefusal(text, document, false)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** Where a tab stands before a token at the beginning of a line; inside of brackets and of scalars it does no harm. */
function misplacedTab(text: string, documents: readonly SyntaxNode[]): number | undefined {
  if (!text.includes('\t')) return undefined
  const ranges = documents.flatMap((document) => harmless(text, document))
  let next = 0
  for (const { index } of text.matchAll(/(?<=^ *|^ *(?:- +)*-)\t/gm)) {
    while (next < ranges.length && (ranges[next]?.end ?? 0) <= index) next++
    if ((ranges[next]?.start ?? text.length) >= index) return index
  }
  return undefined
}

/** The scalars and bracketed values of a document, in their order. */
function harmless(text: string, node: SyntaxNode): SyntaxNode[] {
  if (node.kind === 'alias') return []
  if (node.kind === 'scalar' || isFlow(text, node)) return [node]
  return childrenOf(node).flatMap((child) => harmless(text, child))
}

function isFlow(text: string, { start }: SyntaxNode): boolean {
  return text[start] === '[' || text[start] === '{'
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  if (node.kind === 'map')
    return node.pairs.flatMap(({ key, value }) => [key ?? [], value ?? []].flat())
  return node.kind === 'list' ? [...node.items] : []
}

function findRefusal(text: string, node: SyntaxNode, inFlow: boolean): Refusal | undefined {
  const inside = inFlow || isFlow(text, node)
  for (const child of childrenOf(node)) {
    const found = findRefusal(text, child, inside)
    if (found !== undefined) return found
  }
  if (node.kind !== 'scalar') return undefined
  const first = text[node.start] ?? ''
  if (inFlow && node.plain && node.end > node.start && /[:?]/.test(first))
    return {
      message: `a value in brackets begins with "${first}"`,
      hint: 'put the value in quotes',
      at: node.start,
    }
  return first === '"' ? refusedEscape(text, node) : undefined
}

function refusedEscape(text: string, { start, end }: SyntaxNode): Refusal | undefined {
  const match = /(?<!\\)(?:\\\\)*(\\\/|\\u[dD][89a-fA-F])/.exec(text.slice(start, end))
  if (match === null) return undefined
  return {
    message: `Docker Compose does not support the escape sequence "${match[1]}"`,
    hint: 'write the character itself',
    at: start + match.index + match[0].length - (match[1] ?? '').length,
  }
}
