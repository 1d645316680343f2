import { type Engine, openEngine } from '@landfall/local-cluster'
import { UsageError } from '../../errors.ts'
import type { ClusterFacts } from '../kind/cluster-facts.ts'
import { type ClusterKind, describeKind } from '../kind/cluster-kind.ts'
import { runTool } from './run-tool.ts'
import type { Way } from './way.ts'

const PATIENCE_MS = 8_000

/** What the engines of these kinds call themselves, where the account may not read nodes. */
const OWN_NAME: Partial<Record<ClusterKind['kind'], RegExp>> = {
  'docker-desktop': /^docker-desktop$/,
  colima: /^colima(?:-|$)/,
  'rancher-desktop': /^lima-rancher-desktop$/,
  orbstack: /^orbstack$/,
}

/**
 * The engine that runs the containers of the nodes, under the current context of Docker or one of its own. An engine is taken
 * only if its name is that of a node: an image in another one would never get to the cluster. Throws a UsageError.
 */
export async function sharedEngine(
  cluster: ClusterKind,
  { contexts }: Extract<Way, { way: 'shared' }>,
  { nodes }: Pick<ClusterFacts, 'nodes'>,
  env: Readonly<Record<string, string>>,
): Promise<Engine> {
  const commands: Engine['command'][] = [
    ['docker'],
    ...contexts.map((context) => ['docker', '--context', context] as const),
  ]
  for (const command of commands) {
    const [program, ...leading] = command
    const asked = [...leading, 'info', '--format', '{{.Name}}\t{{.OperatingSystem}}']
    const { code, stdout } = await runTool({ program, args: asked }, env, PATIENCE_MS)
    const [name = '', system = ''] = stdout.trim().split('\t')
    if (code !== 0 || !isOfCluster(name, system, cluster, nodes)) continue
    const engine = await openEngine('docker', env, command)
    if (engine !== undefined) return engine
  }
  const tried = contexts.length === 0 ? '' : `, also under its context ${contexts.join(', ')}`
  throw new UsageError(
    `the nodes of ${describeKind(cluster)} use the images of its Docker engine, which \`docker\` does not reach from here${tried}`,
    'select it with `docker context use`, or use --registry with a registry that both can reach',
  )
}

function isOfCluster(
  name: string,
  system: string,
  cluster: ClusterKind,
  nodes: ClusterFacts['nodes'],
): boolean {
  if (cluster.kind === 'docker-desktop' && cluster.nodes === 'containers')
    return /^Docker Desktop\b/.test(system)
  if (nodes === undefined) return OWN_NAME[cluster.kind]?.test(name) ?? false
  return nodes.length === 1 && nodes[0]?.name === name.toLowerCase()
}
