import { existsSync, rmSync } from 'node:fs'
import { networkTools } from '../cache/network-tools.ts'
import type { ClusterOptions, Progress } from '../contract.ts'
import { registryNames } from '../control-plane/control-plane.ts'
import { removeCgroup } from '../host/cgroups.ts'
import { withLock } from '../host/lock.ts'
import { dataGraceMs, endProcess, endStrays, recordedProcesses } from '../host/processes.ts'
import { asStep } from '../host/step.ts'
import { restoreSysctls } from '../host/sysctls.ts'
import { addressPlan } from '../network/address-plan.ts'
import { bridges, leaveHost, slotOf } from '../network/host-network.ts'
import { cutPower } from '../node/nodes.ts'
import { nodePlans } from './describe.ts'
import { clusterPaths } from './paths.ts'
import { readRecord } from './record.ts'

const dataKeepers = new Set(['etcd', ...registryNames.flatMap((name) => [name, `${name}-writer`])])

/**
 * Ends everything that runs of the cluster and takes it off the machine. Its objects, volumes and images stay on disk for the
 * next `up`, unless `volumes` is set. Does nothing where there is no such cluster.
 */
export async function clusterDown(
  options: ClusterOptions,
  { volumes }: { volumes: boolean },
  progress: Progress,
): Promise<void> {
  const paths = clusterPaths(options)
  // The bridge shows that a cluster runs though its directory was removed.
  if (!existsSync(paths.root) && slotOf(paths.root) === undefined) return
  const tools = await networkTools(options.cacheDirectory, progress)
  await withLock(paths.lock, async () => {
    const step = `stopping cluster ${options.name}`
    await asStep(progress, step, async () => {
      const record = readRecord(paths.record)
      const slot = slotOf(paths.root)
      if (slot !== undefined) {
        const plan = addressPlan(slot)
        const nodes = nodePlans(plan, record?.nodes ?? 0)
        await Promise.all(nodes.map((node) => cutPower(paths, plan.id, node, tools)))
        await Promise.all(
          recordedProcesses(paths).map((name) =>
            endProcess(paths, name, dataKeepers.has(name) ? dataGraceMs : 0),
          ),
        )
        await endStrays(paths, `${plan.id}/system`)
        await leaveHost(plan, tools)
        await removeCgroup(plan.id)
      }
      if (bridges().length === 0) restoreSysctls()
      rmSync(paths.run, { recursive: true, force: true })
      rmSync(paths.kubeconfig, { force: true })
      if (volumes) rmSync(paths.root, { recursive: true, force: true })
    })
  })
}
