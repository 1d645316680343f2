import type { HostTools } from '../cache/host-tools.ts'
import type { ClusterOptions } from '../contract.ts'
import { writeConfiguration } from '../control-plane/configuration.ts'
import { registries } from '../control-plane/control-plane.ts'
import { keepCertificates } from '../control-plane/pki.ts'
import { makeCgroup } from '../host/cgroups.ts'
import { type Daemon, endStrays } from '../host/processes.ts'
import { raiseSysctls } from '../host/sysctls.ts'
import type { AddressPlan, NodePlan } from '../network/address-plan.ts'
import { claimSlot, joinHost } from '../network/host-network.ts'
import { ensureDaemons, whileRunning } from './daemons.ts'
import { nodePlans } from './describe.ts'
import { checkRegistries } from './health.ts'
import type { ClusterPaths } from './paths.ts'
import { type ClusterRecord, readRecord, writeRecord } from './record.ts'

/** What of a cluster runs on the host before its Kubernetes does. */
export interface HostSide {
  plan: AddressPlan
  nodes: NodePlan[]
  record: ClusterRecord
  daemons: Daemon[]
}

/**
 * Starts what of a cluster does not need Kubernetes: network, certificates, configuration and registries, so that images can be made
 * and built while Kubernetes is compiled or downloaded. Can be repeated; `known` is what the record gets in addition. The caller has the lock of the
 * cluster. Throws an Error with what did not start.
 */
export async function startHostSide(
  options: ClusterOptions,
  paths: ClusterPaths,
  tools: HostTools,
  known: Pick<ClusterRecord, 'kubectl' | 'metricsServer' | 'parts'> = {},
): Promise<HostSide> {
  const before = readRecord(paths.record)
  const plan = await claimSlot(paths.root, before?.slot, tools)
  const record = {
    ...before,
    ...known,
    slot: plan.slot,
    nodes: Math.max(options.nodes, before?.nodes ?? 0),
  }
  writeRecord(paths.record, record)
  const nodes = nodePlans(plan, record.nodes)
  await Promise.all([joinHost(plan, tools), keepCertificates(paths.pki, plan, nodes)])
  raiseSysctls()
  makeCgroup(plan.id, 'system')
  await endStrays(paths, `${plan.id}/system`)
  await writeConfiguration({ plan, paths, tools }, options)
  const daemons = registries({ paths, tools })
  await ensureDaemons(daemons, paths, plan)
  await whileRunning(daemons, paths, 'the registries do not respond', () =>
    checkRegistries(plan, paths),
  )
  return { plan, nodes, record, daemons }
}
