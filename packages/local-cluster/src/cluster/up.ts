import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { registryAnswers } from '@landfall/image'
import { provideParts } from '../cache/parts.ts'
import type { Cluster, ClusterOptions, Progress } from '../contract.ts'
import { connectApi } from '../control-plane/api.ts'
import { writeConfiguration, writeRegistryHosts } from '../control-plane/configuration.ts'
import {
  type ControlPlaneInputs,
  controllers,
  registries,
  storeAndApiServer,
} from '../control-plane/control-plane.ts'
import { readCertificate } from '../control-plane/kubeconfig.ts'
import { keepCertificates } from '../control-plane/pki.ts'
import { systemObjects } from '../control-plane/system-objects.ts'
import { makeCgroup } from '../host/cgroups.ts'
import { withLock } from '../host/lock.ts'
import { isClosedToRoot, keepPrivate } from '../host/private-directory.ts'
import { type Daemon, endStrays, ensureDaemon, runningProcess } from '../host/processes.ts'
import { missingRequirements } from '../host/requirements.ts'
import { asStep } from '../host/step.ts'
import { raiseSysctls } from '../host/sysctls.ts'
import { GiveUp, until } from '../host/until.ts'
import { type AddressPlan, maximumNodes, type NodePlan } from '../network/address-plan.ts'
import { claimSlot, joinHost } from '../network/host-network.ts'
import { proxyEnvironment } from '../network/proxy.ts'
import { ensureNode } from '../node/nodes.ts'
import { describeCluster, nodePlans } from './describe.ts'
import { checkHealth } from './health.ts'
import { type ClusterPaths, clusterPaths } from './paths.ts'
import { readRecord, writeRecord } from './record.ts'

const startLimitMs = 120_000

/**
 * Starts what is not running of the cluster, and resolves when its nodes are ready, names resolve, and claims and images can be
 * served. Of a running cluster it verifies that. A cluster that ran before has its objects, volumes and images again, and
 * keeps the nodes that it had when fewer are wanted. Throws an Error with what did not start, and the end of its log.
 */
export async function clusterUp(options: ClusterOptions, progress: Progress): Promise<Cluster> {
  const { nodes: wanted } = options
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > maximumNodes)
    throw new Error(`a cluster has 1 to ${maximumNodes} nodes, not ${wanted}`)
  const missing = missingRequirements()[0]
  if (missing !== undefined) throw new Error(`${missing.missing} (${missing.hint})`)
  const paths = clusterPaths(options)
  keepPrivate(options.stateDirectory, options.cacheDirectory, paths.root)
  const parts = await provideParts(options, readRecord(paths.record)?.parts, progress)
  const { programs, tools } = parts
  return withLock(paths.lock, async () => {
    const before = readRecord(paths.record)
    const plan = await claimSlot(paths.root, before?.slot, tools)
    const record = {
      slot: plan.slot,
      nodes: Math.max(options.nodes, before?.nodes ?? 0),
      kubectl: programs.kubectl,
      parts,
    }
    writeRecord(paths.record, record)
    const nodes = nodePlans(plan, record.nodes)
    const inputs = { plan, paths, programs, tools }

    // Checked meanwhile: nodes read what depends on it at each pull, not when they start.
    const dockerHub = registryAnswers('docker.io')
    await Promise.all([joinHost(plan, tools), keepCertificates(paths.pki, plan, nodes)])
    raiseSysctls()
    makeCgroup(plan.id, 'system')
    await endStrays(paths, `${plan.id}/system`)
    await writeConfiguration(inputs, options)

    const step = `starting cluster ${options.name}`
    await asStep(progress, step, async (report) => {
      const daemons = [...registries(inputs), ...storeAndApiServer(inputs)]
      await ensureDaemons(daemons, paths, plan)
      const bootedAt = await ensureNodes(inputs, nodes, options)

      const api = await connectApi(plan.apiServer, readCertificate(paths.pki, 'admin'))
      try {
        report('waiting for the API server')
        await whileRunning(daemons, paths, 'the API server is not ready', () => api.ready())
        const needApi = controllers(inputs)
        await ensureDaemons(needApi, paths, plan)
        for (const object of systemObjects(plan)) await api.client.apply(object)
        writeRegistryHosts(paths, plan, await dockerHub)
        report('waiting for the nodes')
        await whileRunning([...daemons, ...needApi], paths, 'the cluster is not ready', () =>
          checkHealth(api.client, plan, nodes, paths, bootedAt),
        )
      } finally {
        await api.close()
      }
    })
    return describeCluster(options, record)
  })
}

async function ensureDaemons(
  daemons: Daemon[],
  paths: ClusterPaths,
  plan: AddressPlan,
): Promise<void> {
  const proxy = proxyEnvironment(plan, process.env)
  const search = isClosedToRoot(paths.root) || isClosedToRoot(paths.packageRegistry)
  for (const { capabilities = [], env, ...daemon } of daemons)
    await ensureDaemon(
      {
        ...daemon,
        env: { ...proxy, ...env },
        capabilities: search ? [...capabilities, 'dac_read_search'] : capabilities,
      },
      paths,
      `${plan.id}/system`,
    )
}

/** Resolves with the time of the last boot, or with 0 when all nodes ran. */
async function ensureNodes(
  { plan, paths, programs, tools }: ControlPlaneInputs,
  nodes: NodePlan[],
  options: ClusterOptions,
): Promise<number> {
  let bootedAt = 0
  for (const node of nodes) {
    const booted = await ensureNode({
      ...{ plan, node, paths, programs, tools },
      keep: [resolve(options.stateDirectory), resolve(options.cacheDirectory)],
      podsCgroup: `/${plan.id}/${node.name}`,
      pauseArchive: join(paths.run, 'pause.tar'),
      proxy: proxyEnvironment(plan, process.env),
    })
    if (booted) bootedAt = Date.now()
  }
  return bootedAt
}

/** Repeats the check until it succeeds; a daemon that exits meanwhile is reported at once, with the end of its log. */
async function whileRunning<T>(
  daemons: Daemon[],
  paths: ClusterPaths,
  what: string,
  check: () => Promise<T>,
): Promise<T> {
  return until(what, startLimitMs, async () => {
    for (const { name } of daemons)
      if (runningProcess(paths, name) === undefined)
        throw new GiveUp(`${name} has exited; last lines of ${logOf(paths, name)}`)
    return await check()
  })
}

function logOf(paths: ClusterPaths, name: string): string {
  const file = join(paths.log, `${name}.log`)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return [`${file}:`, ...lines.slice(-8)].join('\n')
}
