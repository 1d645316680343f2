import { join, resolve } from 'node:path'
import { registryAnswers } from '@landfall/image'
import { hasReachableNameServer } from '../build/reach.ts'
import type { HostTools } from '../cache/host-tools.ts'
import { type Parts, provideParts } from '../cache/parts.ts'
import type { Cluster, ClusterOptions, Progress, Registries } from '../contract.ts'
import { connectApi } from '../control-plane/api.ts'
import { writeRegistryHosts } from '../control-plane/configuration.ts'
import {
  type ControlPlaneInputs,
  controllers,
  storeAndApiServer,
} from '../control-plane/control-plane.ts'
import { readCertificate } from '../control-plane/kubeconfig.ts'
import {
  checkMetrics,
  metricsDaemon,
  metricsObjects,
  provideMetricsServer,
} from '../control-plane/metrics.ts'
import { systemObjects } from '../control-plane/system-objects.ts'
import { withLock } from '../host/lock.ts'
import { keepPrivate } from '../host/private-directory.ts'
import { missingRequirements } from '../host/requirements.ts'
import { asStep } from '../host/step.ts'
import { type AddressPlan, maximumNodes, type NodePlan } from '../network/address-plan.ts'
import { slotOf } from '../network/host-network.ts'
import { proxyEnvironment } from '../network/proxy.ts'
import { ensureNode } from '../node/nodes.ts'
import { proxyMode } from '../node/proxy-mode.ts'
import { ensureDaemons, whileRunning } from './daemons.ts'
import { describeCluster } from './describe.ts'
import { clusterDown } from './down.ts'
import { checkHealth } from './health.ts'
import { startHostSide } from './host-side.ts'
import { clusterPaths } from './paths.ts'
import { readRecord } from './record.ts'

/**
 * Starts what is not running of the cluster, and resolves when its nodes are ready, names resolve, and claims and images can be
 * served. Of a running cluster it verifies that. A cluster that ran before has its objects, volumes and images again, and
 * keeps the nodes that it had when fewer are wanted. `onRegistries` is called once, as soon as images can be made and built for it,
 * which is long before Kubernetes runs where that is compiled or downloaded first; its signal is aborted when they end because that failed.
 * Throws an Error with what did not start, and the end of its log.
 */
export async function clusterUp(
  options: ClusterOptions,
  progress: Progress,
  onRegistries?: (registries: Registries, ended: AbortSignal) => void,
): Promise<Cluster> {
  const { nodes: wanted } = options
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > maximumNodes)
    throw new Error(`a cluster has 1 to ${maximumNodes} nodes, not ${wanted}`)
  const missing = missingRequirements()[0]
  if (missing !== undefined) throw new Error(`${missing.missing} (${missing.hint})`)
  const paths = clusterPaths(options)
  keepPrivate(options.stateDirectory, options.cacheDirectory, paths.root)
  const ended = new AbortController()
  let pending = onRegistries
  const registriesRun = ({ registry, packageRegistry }: AddressPlan): void => {
    pending?.({ registry, packageRegistry }, ended.signal)
    pending = undefined
  }
  // Without a name server on another address than loopback, builds use that of the cluster.
  const early = onRegistries !== undefined && hasReachableNameServer()
  let ahead: Promise<void> | undefined
  const startAhead = (tools: HostTools): void => {
    ahead = withLock(paths.lock, () => startHostSide(options, paths, tools)).then(
      ({ plan }) => registriesRun(plan),
      // What does not start is reported below, where it is started again.
      () => {},
    )
  }
  const recorded = readRecord(paths.record)
  const before = recorded?.parts
  const wasOff = slotOf(paths.root) === undefined
  let parts: Parts
  let metricsServer: string | undefined
  try {
    parts = await provideParts(options, before, progress, early ? startAhead : undefined)
    metricsServer = await provideMetricsServer(options, recorded, progress)
  } catch (error) {
    ended.abort()
    await ahead
    // Without its programs the cluster is as it was before.
    if (ahead !== undefined && wasOff) await clusterDown(options, { volumes: false }, () => {})
    throw error
  }
  await ahead
  const { programs, tools } = parts
  return withLock(paths.lock, async () => {
    // Checked meanwhile: nodes read what depends on it at each pull, not when they start.
    const dockerHub = registryAnswers('docker.io')
    const step = `starting cluster ${options.name}`
    const { plan, record } = await asStep(progress, step, async (report) => {
      const known = {
        kubectl: programs.kubectl,
        parts,
        ...(metricsServer !== undefined && { metricsServer }),
      }
      const host = await startHostSide(options, paths, tools, known)
      const { plan, nodes } = host
      if (early) registriesRun(plan)
      const inputs = { plan, paths, programs, tools }
      const daemons = [...host.daemons, ...storeAndApiServer(inputs)]
      await ensureDaemons(daemons, paths, plan)
      const bootedAt = await ensureNodes(inputs, nodes, options)

      const api = await connectApi(plan.apiServer, readCertificate(paths.pki, 'admin'))
      try {
        report('waiting for the API server')
        await whileRunning(daemons, paths, 'the API server is not ready', () => api.ready())
        const metrics = metricsServer === undefined ? [] : [metricsDaemon(metricsServer, inputs)]
        const needApi = [...controllers(inputs), ...metrics]
        await ensureDaemons(controllers(inputs), paths, plan)
        for (const object of systemObjects(plan)) await api.client.apply(object)
        if (metrics.length > 0) {
          for (const object of metricsObjects(plan, readCertificate(paths.pki, 'admin').authority))
            await api.client.apply(object)
          // It exits if it does not have its rights when it starts.
          await ensureDaemons(metrics, paths, plan)
        }
        writeRegistryHosts(paths, plan, await dockerHub)
        report('waiting for the nodes')
        await whileRunning([...daemons, ...needApi], paths, 'the cluster is not ready', () =>
          checkHealth(api.client, plan, nodes, paths, bootedAt),
        )
        if (metrics.length > 0) {
          report('waiting for metrics')
          await whileRunning(metrics, paths, 'metrics are not served', () =>
            checkMetrics(api.client),
          )
        }
      } finally {
        await api.close()
      }
      return host
    })
    registriesRun(plan)
    return describeCluster(options, { ...record, kubectl: programs.kubectl })
  })
}

/** Resolves with the time of the last boot, or with 0 when all nodes ran. */
async function ensureNodes(
  { plan, paths, programs, tools }: ControlPlaneInputs,
  nodes: NodePlan[],
  options: ClusterOptions,
): Promise<number> {
  const mode = await proxyMode(paths, tools)
  let bootedAt = 0
  for (const node of nodes) {
    const booted = await ensureNode({
      ...{ plan, node, paths, programs, tools },
      keep: [resolve(options.stateDirectory), resolve(options.cacheDirectory)],
      podsCgroup: `/${plan.id}/${node.name}`,
      pauseArchive: join(paths.run, 'pause.tar'),
      proxyMode: mode,
      proxy: proxyEnvironment(plan, process.env),
    })
    if (booted) bootedAt = Date.now()
  }
  return bootedAt
}
