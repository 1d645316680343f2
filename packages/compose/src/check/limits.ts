import { type MapNode, mapAt, type Node } from '../tree/node.ts'
import type { ServiceProblem } from './service-problem.ts'

const resourceKeys = [
  ['cpus', 'limits', 'cpus'],
  ['mem_limit', 'limits', 'memory'],
  ['mem_reservation', 'reservations', 'memory'],
  ['pids_limit', 'limits', 'pids'],
] as const

/** Checks keys of a service against the same settings under `deploy`. */
export function checkLimits(name: string, service: MapNode, problem: ServiceProblem): void {
  const deploy = mapAt(service, 'deploy')
  const scale = service.entries.get('scale')
  const replicas = deploy?.entries.get('replicas')
  if (scale !== undefined && replicas !== undefined && scalarOf(scale) !== scalarOf(replicas))
    problem(
      'compose/conflicting-keys',
      `the service "${name}" has different values for scale and deploy.replicas`,
      { path: '/scale', node: scale },
      'keep one of the two',
    )
  for (const [path, node] of [
    ['/scale', scale],
    ['/deploy/replicas', replicas],
  ] as const)
    if (Number(scalarOf(node)) < 0)
      problem(
        'compose/invalid-value',
        `the service "${name}" cannot have ${scalarOf(node)} replicas`,
        {
          path,
          node,
        },
      )
  const count = Number(scalarOf(scale ?? replicas) ?? 1)
  if (count > 1 && service.entries.has('container_name'))
    problem(
      'compose/duplicate-container-name',
      `the service "${name}" has ${count} replicas, which cannot have the same container name`,
      { path: '/container_name', node: service.entries.get('container_name') },
      'remove container_name',
    )
  const resources = mapAt(deploy, 'resources')
  for (const [key, block, inside] of resourceKeys) {
    const own = service.entries.get(key)
    const other = mapAt(resources, block)
    if (own === undefined || other === undefined || other.incomplete) continue
    if (scalarOf(own) === scalarOf(other.entries.get(inside))) continue
    const path = `deploy.resources.${block}.${inside}`
    problem(
      'compose/conflicting-keys',
      `the service "${name}" has different values for ${key} and ${path}`,
      { path: `/${key}`, node: own },
      other.entries.has(inside) ? 'keep one of the two' : `move ${key} to ${path}`,
    )
  }
}

function scalarOf(node: Node | undefined): unknown {
  return node?.kind === 'scalar' ? node.value : undefined
}
