import type { Budget } from '../files/budget.ts'
import { itemsAt, type MapNode, mapAt, spanOfNode, textOf } from '../tree/node.ts'

/** What one port is counted as: two full ranges are too much for one project. */
const valuesOfPort = 2

/** Takes out ranges of ports that would become more ports than the budget has. */
export function dropVastPortRanges(root: MapNode, budget: Budget): void {
  for (const service of mapAt(root, 'services')?.entries.values() ?? []) {
    const ports = service.kind === 'map' ? service.entries.get('ports') : undefined
    if (service.kind !== 'map' || ports?.kind !== 'list') continue
    const kept = itemsAt(service, 'ports').filter((port) => {
      const count = portsIn(textOf(port) ?? '')
      return count === 1 || budget(count * valuesOfPort, spanOfNode(port))
    })
    if (kept.length < ports.items.length) service.incomplete = true
    ports.items = kept
  }
}

/** How many ports a short form means; 1 for what is none. */
function portsIn(spec: string): number {
  const [, first, last] = /([0-9]+)-([0-9]+)(?:\/[^/]*)?$/.exec(spec) ?? []
  return first === undefined || Number(last) > 65535
    ? 1
    : Math.max(1, Number(last) - Number(first) + 1)
}
