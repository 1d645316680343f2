import type { Cluster, ClusterOptions } from '../contract.ts'
import { runningProcess } from '../host/processes.ts'
import { type AddressPlan, addressPlan, nodePlan } from '../network/address-plan.ts'
import { clusterPaths } from './paths.ts'
import { type ClusterRecord, readRecord } from './record.ts'

/** A cluster as others see it. */
export function describeCluster(
  options: ClusterOptions,
  record: ClusterRecord & { kubectl: string },
): Cluster {
  const plan = addressPlan(record.slot)
  return {
    name: options.name,
    kubeconfig: clusterPaths(options).kubeconfig,
    nodes: nodePlans(plan, record.nodes).map(({ name, address }) => ({ name, address })),
    registry: plan.registry,
    packageRegistry: plan.packageRegistry,
    kubectl: record.kubectl,
  }
}

export function nodePlans(plan: AddressPlan, count: number): ReturnType<typeof nodePlan>[] {
  return Array.from({ length: count }, (_, at) => nodePlan(plan, at + 1))
}

/** The cluster, if its API server runs. Only files are read. */
export function readCluster(options: ClusterOptions): Cluster | undefined {
  const paths = clusterPaths(options)
  const record = readRecord(paths.record)
  if (record?.kubectl === undefined) return undefined
  if (runningProcess(paths, 'kube-apiserver') === undefined) return undefined
  return describeCluster(options, { ...record, kubectl: record.kubectl })
}
