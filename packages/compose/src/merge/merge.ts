import type { Origin, Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { entrySpan, isNull, type MapNode, type Node } from '../tree/node.ts'
import { pointerTo, type Rules, rulesAt } from '../tree/rules.ts'
import { type MergeRule, mergeRules } from './rules.ts'

/**
 * Merges a later file, document or extending service over an earlier one, in place: mappings key by key, lists one after
 * the other, everything else replaced, `null` keeps what was there; the exceptions are in `mergeRules`.
 * Reference: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
 */
export function mergeProjects(base: MapNode, over: MapNode, report: Report): void {
  mergeMappings(base, over, mergeRules, '', report)
}

/** The same for one service over the service that it extends. */
export function mergeService(base: MapNode, over: MapNode, pointer: string, report: Report): void {
  mergeMappings(base, over, rulesAt(rulesAt(mergeRules, 'services'), '*'), pointer, report)
}

function mergeMappings(
  base: MapNode,
  over: MapNode,
  rules: Rules<MergeRule> | undefined,
  pointer: string,
  report: Report,
): MapNode {
  base.origins = joinOrigins(base, over)
  if (over.incomplete) base.incomplete = true
  for (const [key, value] of over.entries) {
    const old = base.entries.get(key)
    const path = pointerTo(pointer, key)
    const merged =
      old === undefined ? value : mergeNodes(old, value, rulesAt(rules, key), path, report)
    base.entries.set(key, merged)
  }
  return base
}

function mergeNodes(
  base: Node,
  over: Node,
  rules: Rules<MergeRule> | undefined,
  pointer: string,
  report: Report,
): Node {
  if (rules?.rule !== undefined) {
    return rules.rule(base, over, (a, b) => mergeMappings(a, b, rules, pointer, report))
  }
  if (isNull(over)) return base
  if (base.kind === 'scalar')
    return { ...over, origins: joinOrigins(base, over), key: over.key ?? base.key } as Node
  if (base.kind !== over.kind) {
    const expected = base.kind === 'map' ? 'a mapping' : 'a list'
    reportProblem(report, {
      code: 'compose/cannot-merge',
      message: `this cannot be merged with ${expected} that an earlier file or service has here`,
      path: pointer,
      at: entrySpan(over),
      related: [{ message: `${expected} here`, at: entrySpan(base) }],
      hint: `write ${expected} here too, or replace the earlier one with !override`,
    })
    return base
  }
  if (base.kind === 'map') return mergeMappings(base, over as MapNode, rules, pointer, report)
  base.items = [...base.items, ...(over.kind === 'list' ? over.items : [])]
  base.origins = joinOrigins(base, over)
  return base
}

function joinOrigins(base: Node, over: Node): readonly Origin[] {
  const later = over.origins.map((origin): Origin => {
    return origin.kind === 'file' && origin.via === undefined ? { ...origin, via: 'merge' } : origin
  })
  return [...base.origins, ...later]
}
