import type { ReachPort } from '@landfall/deploy'
import { type Bundle, resolveBundle } from '@landfall/kube'
import { localBehind } from '../../cluster/local-behind.ts'
import type { Provided } from '../../cluster/provide-local.ts'
import { connectTo } from '../../cluster/target.ts'
import type { Display } from '../../display/display.ts'
import type { ForeignCluster } from '../../foreign/inspect-cluster.ts'
import type { Terminal } from '../../terminal.ts'
import type { UpOptions } from './options.ts'

/** Makes the images of a project known to a cluster of the kubeconfig, and finds the way to its published ports; `checkImage` is that of connection tests. */
export async function provideRemote(
  bundle: Bundle,
  checkImage: string,
  options: UpOptions,
  terminal: Terminal,
  display: Display,
): Promise<Provided & { reachPort?: ReachPort }> {
  const { inspectCluster, requireCluster } = await import('../../foreign/inspect-cluster.ts')
  const namespace = options.namespace ?? bundle.name
  // Read before anything is built: a person with a cluster that lacks something learns it at once.
  const connection = await connectTo(options, terminal, namespace)
  try {
    const found = await inspectCluster(connection, namespace)
    const objects = [...resolveBundle(bundle).values()]
    await requireCluster(found, objects, connection, namespace, display)
    const local =
      options.registry === undefined ? await localBehind(connection, terminal) : undefined
    const provided = await (local === undefined
      ? provideBuilds(bundle, found, options, terminal, display)
      : (await import('../../cluster/local-run.ts')).provideRunning(
          local,
          { bundle, checkImage },
          terminal,
          display,
        ))
    if (!provided.ok) return provided
    const { reachThrough } = await import('../../foreign/addresses/reach-through.ts')
    return { ...provided, reachPort: await reachThrough(found, terminal) }
  } finally {
    await connection.close()
  }
}

async function provideBuilds(
  bundle: Bundle,
  found: ForeignCluster,
  { registry }: UpOptions,
  terminal: Terminal,
  display: Display,
): Promise<Provided> {
  if (bundle.builds.length === 0) return { ok: true, bundle, images: [] }
  if (registry === undefined) {
    const { provideForeign } = await import('../../foreign/provide-foreign.ts')
    return provideForeign(bundle, found, terminal, display)
  }
  const [{ provideByRegistry }, { buildPlatform }] = await Promise.all([
    import('../../cluster/provide-by-registry.ts'),
    import('../../foreign/images/way.ts'),
  ])
  const nodes = buildPlatform(found.facts, process.arch)
  return provideByRegistry(bundle, { registry, nodes }, terminal, display)
}
