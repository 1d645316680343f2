import type { Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { entrySpan, type MapNode, mapAt } from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'

/** Reports each circle of `depends_on` once, at the dependency that closes it. */
export function checkCycles(root: MapNode, report: Report): void {
  const services = mapAt(root, 'services')
  const dependenciesOf = (name: string) => mapAt(services?.entries.get(name), 'depends_on')
  const done = new Set<string>()
  const path: string[] = []

  const visit = (name: string): void => {
    if (done.has(name)) return
    path.push(name)
    for (const other of [...(dependenciesOf(name)?.entries.keys() ?? [])].sort()) {
      if (!services?.entries.has(other)) continue
      const start = path.indexOf(other)
      if (start === -1) visit(other)
      else reportCycle([...path.slice(start), other])
    }
    path.pop()
    done.add(name)
  }

  const reportCycle = (cycle: readonly string[]) => {
    const links = cycle.slice(0, -1).map((name, index) => {
      const other = cycle[index + 1] as string
      return { name, other, at: entrySpan(dependenciesOf(name)?.entries.get(other)) }
    })
    const last = links.at(-1) as (typeof links)[number]
    reportProblem(report, {
      code: 'compose/dependency-cycle',
      message: `services depend on each other in a circle: ${cycle.join(' → ')}`,
      path: pointerTo(`${pointerTo('/services', last.name)}/depends_on`, last.other),
      at: last.at,
      related: links
        .slice(0, -1)
        .map(({ name, other, at }) => ({ message: `"${name}" depends on "${other}"`, at })),
      hint: 'Remove one of these dependencies.',
    })
  }

  for (const name of [...(services?.entries.keys() ?? [])].sort()) visit(name)
}
