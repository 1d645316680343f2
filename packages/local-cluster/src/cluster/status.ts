import { conditionOf } from '@landfall/kube'
import type { Cluster, ClusterOptions } from '../contract.ts'
import { connectApi } from '../control-plane/api.ts'
import { readCertificate } from '../control-plane/kubeconfig.ts'
import { recordedProcesses, runningProcess } from '../host/processes.ts'
import { type AddressPlan, addressPlan } from '../network/address-plan.ts'
import { readCluster } from './describe.ts'
import { clusterPaths } from './paths.ts'
import { readRecord } from './record.ts'

export interface ClusterStatus {
  name: string
  /**
   * `absent`: nothing on disk; `stopped`: state on disk, nothing runs; `running`: everything does and the nodes are ready;
   * `degraded`: something does not, `up` starts it again.
   */
  state: 'absent' | 'stopped' | 'running' | 'degraded'
  /** The directory of its state. */
  directory: string
  processes: { name: string; running: boolean }[]
  nodes: { name: string; address: string; ready: boolean }[]
  cluster?: Cluster
}

/** What is known of the cluster now, from its processes and its API server. */
export async function clusterStatus(options: ClusterOptions): Promise<ClusterStatus> {
  const paths = clusterPaths(options)
  const processes = recordedProcesses(paths)
    .sort()
    .map((name) => ({ name, running: runningProcess(paths, name) !== undefined }))
  const about = { name: options.name, directory: paths.root, processes }
  const record = readRecord(paths.record)
  if (record === undefined) return { ...about, state: 'absent', nodes: [] }
  const cluster = readCluster(options)
  if (cluster === undefined) {
    const some = processes.some(({ running }) => running)
    return { ...about, state: some ? 'degraded' : 'stopped', nodes: [] }
  }
  const ready = await readyNodes(addressPlan(record.slot), paths.pki)
  const nodes = cluster.nodes.map((node) => ({
    ...node,
    // The API server learns of a lost node late.
    ready: ready.has(node.name) && runningProcess(paths, node.name) !== undefined,
  }))
  const whole = processes.every(({ running }) => running) && nodes.every((node) => node.ready)
  return { ...about, state: whole ? 'running' : 'degraded', nodes, cluster }
}

async function readyNodes(plan: AddressPlan, pki: string): Promise<Set<string>> {
  const api = await connectApi(plan.apiServer, readCertificate(pki, 'admin'))
  try {
    const { items } = await api.client.list({ apiVersion: 'v1', kind: 'Node' })
    const ready = items.filter((node) => conditionOf(node, 'Ready')?.status === 'True')
    return new Set(ready.map(({ metadata }) => metadata.name))
  } catch {
    return new Set()
  } finally {
    await api.close()
  }
}
