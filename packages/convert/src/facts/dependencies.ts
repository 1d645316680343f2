import type { Dependency } from '@landfall/compose'
import type { ServiceConversion } from '../conversion.ts'

/** A service's `depends_on` in the order of the names. */
export function dependenciesOf(service: ServiceConversion): [string, Dependency][] {
  return Object.entries(service.compose.depends_on ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** For each service whose completion others wait for: who waits, sorted. */
export function completionWaits(services: readonly ServiceConversion[]): Map<string, string[]> {
  const waits = new Map<string, string[]>()
  for (const { service, compose } of services)
    for (const [target, { condition }] of Object.entries(compose.depends_on ?? {}))
      if (condition === 'service_completed_successfully')
        waits.set(target, [...(waits.get(target) ?? []), service])
  return waits
}

/** Follows edges from each node and gives every cycle once, beginning at its smallest name. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const state = new Map<string, 'open' | 'done'>()
  const cycles = new Map<string, string[]>()
  const path: string[] = []
  const visit = (node: string): void => {
    state.set(node, 'open')
    path.push(node)
    for (const next of edges.get(node) ?? []) {
      if (state.get(next) === 'open') {
        const cycle = fromSmallest(path.slice(path.indexOf(next)))
        cycles.set(cycle.join(' '), cycle)
      } else if (state.get(next) === undefined) visit(next)
    }
    path.pop()
    state.set(node, 'done')
  }
  for (const node of [...edges.keys()].sort()) if (!state.has(node)) visit(node)
  return [...cycles.values()]
}

function fromSmallest(cycle: string[]): string[] {
  const first = cycle.indexOf([...cycle].sort()[0] as string)
  return [...cycle.slice(first), ...cycle.slice(0, first)]
}

/** Everything that can be reached from a node, itself left out unless it lies on a cycle. */
export function reachableFrom(
  edges: ReadonlyMap<string, readonly string[]>,
  start: string,
): Set<string> {
  const reached = new Set<string>()
  const open = [...(edges.get(start) ?? [])]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue
    reached.add(node)
    open.push(...(edges.get(node) ?? []))
  }
  return reached
}
