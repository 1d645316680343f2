import type { Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { entrySpan, type MapNode, mapAt } from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'

/**
 * Reports circles of `depends_on`, each at the dependency that closes it; of those that share a service, one: the others
 * may go with it.
 */
export function checkCycles(root: MapNode, report: Report): void {
  const services = mapAt(root, 'services')
  const dependenciesOf = (name: string) => mapAt(services?.entries.get(name), 'depends_on')
  const nextOf = (name: string) => [...(dependenciesOf(name)?.entries.keys() ?? [])].sort()
  const done = new Set<string>()
  const told = new Set<string>()

  /** Depth first, and without recursion: chains can be longer than the stack. */
  const visit = (first: string): void => {
    const path: string[] = []
    const positions = new Map<string, number>()
    const waiting: { name: string; others: Iterator<string> }[] = []
    const enter = (name: string) => {
      positions.set(name, path.push(name) - 1)
      waiting.push({ name, others: nextOf(name).values() })
    }
    if (!done.has(first)) enter(first)
    for (let at = waiting.at(-1); at !== undefined; at = waiting.at(-1)) {
      const { value: other, done: left } = at.others.next()
      if (left) {
        waiting.pop()
        path.pop()
        positions.delete(at.name)
        done.add(at.name)
        continue
      }
      const start = positions.get(other)
      if (start !== undefined) reportCycle([...path.slice(start), other])
      else if (!done.has(other) && services?.entries.has(other)) enter(other)
    }
  }

  const reportCycle = (cycle: readonly string[]) => {
    if (cycle.some((name) => told.has(name))) return
    for (const name of cycle) told.add(name)
    const links = cycle.slice(0, -1).map((name, index) => {
      const other = cycle[index + 1] as string
      return { name, other, at: entrySpan(dependenciesOf(name)?.entries.get(other)) }
    })
    const last = links.at(-1) as (typeof links)[number]
    reportProblem(report, {
      code: 'compose/dependency-cycle',
      message: `services depend on each other in a cycle: ${cycle.join(' → ')}`,
      path: pointerTo(`${pointerTo('/services', last.name)}/depends_on`, last.other),
      at: last.at,
      related: links
        .slice(0, -1)
        .map(({ name, other, at }) => ({ message: `"${name}" depends on "${other}"`, at })),
      hint: 'remove one of these dependencies',
    })
  }

  for (const name of [...(services?.entries.keys() ?? [])].sort()) visit(name)
}
