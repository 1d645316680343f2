import type { SyntaxAlias, SyntaxNode } from './syntax.ts'

interface Aliases {
  readonly targets: ReadonlyMap<SyntaxAlias, SyntaxNode>
  readonly problem?: { readonly alias: SyntaxAlias; readonly cyclic: boolean }
}

/**
 * What each alias of a document stands for: the nearest anchor of its name above it. `anchors` are those of earlier
 * documents, which count as well although YAML says otherwise, and takes those of this one.
 */
export function resolveAliases(root: SyntaxNode, anchors: Map<string, SyntaxNode>): Aliases {
  const targets = new Map<SyntaxAlias, SyntaxNode>()
  const open = new Set<SyntaxNode>()
  let problem: Aliases['problem']

  const visit = (node: SyntaxNode | null): void => {
    if (node === null || problem !== undefined) return
    if (node.kind === 'alias') {
      const target = anchors.get(node.name)
      if (target === undefined || open.has(target))
        problem = { alias: node, cyclic: target !== undefined }
      else targets.set(node, target)
      return
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (node.kind === 'scalar') return
    // Only what has a name can be met in itself.
    if (node.anchor !== undefined) open.add(node)
    if (node.kind === 'list') for (const item of node.items) visit(item)
    else
      for (const { key, value } of node.pairs) {
        visit(key)
        visit(value)
      }
    open.delete(node)
  }

  visit(root)
  return problem === undefined ? { targets } : { targets, problem }
}
