import { runTool } from '../images/run-tool.ts'
import type { ClusterFacts } from '../kind/cluster-facts.ts'
import type { ClusterKind } from '../kind/cluster-kind.ts'

/** A port of this machine that leads to a port of a node, or of the load balancer in front of the nodes. */
export interface PortMapping {
  host: string
  port: number
  /** The port behind it. */
  target: number
}

const PATIENCE_MS = 8_000

/** The port mappings of the containers that are the nodes of a cluster; none where its engine does not respond. */
export async function readMappings(
  cluster: ClusterKind,
  { nodes }: Pick<ClusterFacts, 'nodes'>,
  env: Readonly<Record<string, string>>,
): Promise<PortMapping[]> {
  const containers = containersOf(cluster, nodes ?? [])
  if (containers.length === 0) return []
  const program = cluster.kind === 'kind' ? cluster.engine : 'docker'
  const format = '{{json .NetworkSettings.Ports}}'
  const found = await Promise.all(
    containers.map((container) =>
      runTool(
        { program, args: ['inspect', '--type', 'container', '--format', format, container] },
        env,
        PATIENCE_MS,
      ),
    ),
  )
  return found.flatMap(({ code, stdout }) => (code === 0 ? parseMappings(stdout) : []))
}

function containersOf(cluster: ClusterKind, nodes: NonNullable<ClusterFacts['nodes']>): string[] {
  const names = nodes.map(({ name }) => name)
  if (cluster.kind === 'kind') return names
  return cluster.kind === 'k3d' ? [...names, `k3d-${cluster.name}-serverlb`] : []
}

/** What `inspect` prints of a container's ports: `{"30080/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}`. */
export function parseMappings(printed: string): PortMapping[] {
  let ports: unknown
  try {
    ports = JSON.parse(printed)
  } catch {
    return []
  }
  if (typeof ports !== 'object' || ports === null) return []
  return Object.entries(ports).flatMap(([key, bindings]) => {
    const target = /^(\d+)\/tcp$/.exec(key)?.[1]
    if (target === undefined || !Array.isArray(bindings)) return []
    return bindings.flatMap((binding: { HostIp?: unknown; HostPort?: unknown }) => {
      const port = Number(binding?.HostPort)
      if (!(Number.isInteger(port) && port > 0 && port < 65_536)) return []
      return [{ host: hostOf(binding.HostIp), port, target: Number(target) }]
    })
  })
}

/** All addresses of the machine include its loopback. */
function hostOf(address: unknown): string {
  return typeof address !== 'string' || ['', '0.0.0.0', '::'].includes(address)
    ? '127.0.0.1'
    : address
}
