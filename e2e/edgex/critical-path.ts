import type { Project } from '@landfall/compose'

/** The longest chain of a project: the services from the first to the last, and the sum of their start times. */
export interface CriticalPath {
  chain: string[]
  seconds: number
}

/** What each service is started after: its own `depends_on`, and more where somebody declared it. */
export type Order = ReadonlyMap<string, readonly string[]>

export function orderOf(project: Project): Order {
  return new Map(
    Object.entries(project.services).map(([name, { depends_on: dependencies = {} }]) => [
      name,
      Object.keys(dependencies),
    ]),
  )
}

/** The chain that a project cannot be faster than, when every service starts as soon as all that it waits for is there. */
export function criticalPath(order: Order, startTime: (service: string) => number): CriticalPath {
  const known = new Map<string, CriticalPath>()
  const pathTo = (service: string): CriticalPath => {
    const found = known.get(service)
    if (found !== undefined) return found
    const before = longest((order.get(service) ?? []).map(pathTo))
    const path = { chain: [...before.chain, service], seconds: before.seconds + startTime(service) }
    known.set(service, path)
    return path
  }
  return longest([...order.keys()].map(pathTo))
}

function longest(paths: CriticalPath[]): CriticalPath {
  return paths.reduce((best, path) => (path.seconds > best.seconds ? path : best), {
    chain: [],
    seconds: 0,
  })
}
