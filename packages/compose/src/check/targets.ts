import {
  itemsAt,
  type MapNode,
  mapAt,
  type Node,
  spanOfNode,
  textAt,
  textOf,
} from '../tree/node.ts'
import type { ServiceProblem } from './service-problem.ts'

/** Checks that no two mounts of a service lie in one place, and that watches know where to sync to. */
export function checkTargets(name: string, service: MapNode, problem: ServiceProblem): void {
  const mounts = new Map<string, Node>()
  const add = (target: string, path: string, node: Node) => {
    const first = mounts.get(target)
    if (first === undefined) mounts.set(target, node)
    else
      problem(
        'compose/duplicate-target',
        `the service "${name}" has two mounts at ${target}`,
        { path, node },
        'remove one of the two',
        { message: 'also here', at: spanOfNode(first) },
      )
  }
  for (const [index, item] of itemsAt(service, 'tmpfs').entries())
    add((textOf(item) ?? '').split(':')[0] as string, `/tmpfs/${index}`, item)
  for (const [index, item] of itemsAt(service, 'volumes').entries())
    add(textAt(item, 'target') ?? '', `/volumes/${index}`, item)
  for (const [index, watch] of itemsAt(mapAt(service, 'develop'), 'watch').entries()) {
    const action = textAt(watch, 'action')
    if (textAt(watch, 'target') || action === 'rebuild' || action === 'restart') continue
    problem(
      'compose/missing-key',
      `the watch of "${name}" needs a target`,
      { path: `/develop/watch/${index}`, node: watch },
      'it is optional only for the actions rebuild and restart',
    )
  }
}
