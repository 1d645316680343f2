import { type Alias, isAlias, isMap, isPair, isSeq, type ParsedNode } from 'yaml'

interface Aliases {
  readonly targets: ReadonlyMap<Alias, ParsedNode>
  readonly problem?: { readonly alias: Alias.Parsed; readonly cyclic: boolean }
}

/**
 * What each alias of a document stands for: the nearest anchor of its name above it. `anchors` are those of earlier
 * documents, which count as well although YAML says otherwise, and takes those of this one.
 */
export function resolveAliases(root: ParsedNode, anchors: Map<string, ParsedNode>): Aliases {
  const targets = new Map<Alias, ParsedNode>()
  const open = new Set<ParsedNode>()
  let problem: Aliases['problem']

  const visit = (node: ParsedNode | null): void => {
    if (node === null || problem !== undefined) return
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target === undefined || open.has(target))
        problem = { alias: node as Alias.Parsed, cyclic: target !== undefined }
      else targets.set(node, target)
      return
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (!isMap(node) && !isSeq(node)) return
    open.add(node)
    for (const item of node.items) {
      if (isPair(item)) {
        visit(item.key as ParsedNode | null)
        visit(item.value as ParsedNode | null)
      } else visit(item as ParsedNode)
    }
    open.delete(node)
  }

  visit(root)
  return problem === undefined ? { targets } : { targets, problem }
}
