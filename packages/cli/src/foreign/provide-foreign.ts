import { mkdirSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import type { Bundle } from '@landfall/kube'
import { localOptions } from '../cluster/local.ts'
import type { Provided } from '../cluster/provide-local.ts'
import type { Display } from '../display/display.ts'
import { UsageError } from '../errors.ts'
import type { Terminal } from '../terminal.ts'
import { provideByTool } from './images/provide-by-tool.ts'
import { type ThisMachine, wayOf } from './images/way.ts'
import type { ForeignCluster } from './inspect-cluster.ts'
import { describeKind } from './kind/cluster-kind.ts'

/** Builds what the project builds, and takes it to the nodes of a cluster in its own way. Throws a UsageError where only a registry would do. */
export async function provideForeign(
  bundle: Bundle,
  { facts, cluster }: ForeignCluster,
  terminal: Terminal,
  display: Display,
): Promise<Provided> {
  const way = wayOf(cluster, facts, thisMachine())
  if (way.way === 'registry') {
    const who = cluster.kind === 'plain' ? 'the cluster' : describeKind(cluster)
    throw new UsageError(
      `the project builds ${bundle.builds.map(({ image }) => image).join(', ')}, which ${who} needs from a registry: ${way.why}`,
      'use --registry with a registry that both can reach (images are built, pushed and pinned by digest), or use --local',
    )
  }
  const { cacheDirectory } = localOptions(terminal, {})
  mkdirSync(cacheDirectory, { recursive: true, mode: 0o700 })
  const { env } = terminal
  return provideByTool({ bundle, cluster, facts, way, cacheDirectory, env, display })
}

function thisMachine(): ThisMachine {
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address),
  )
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    names: [hostname().toLowerCase(), ...addresses],
  }
}
