import type { KindReference } from '@landfall/kube'

/** Kinds in the order in which they are applied; what a kind's pods mount or resolve comes before it. */
const ORDER: readonly string[][] = [
  ['Namespace', 'CustomResourceDefinition', 'StorageClass'],
  ['ServiceAccount', 'Role', 'ClusterRole'],
  ['RoleBinding', 'ClusterRoleBinding'],
  ['ConfigMap', 'Secret', 'PersistentVolume', 'PersistentVolumeClaim'],
  ['Service'],
  [],
  ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'Pod'],
]

const OTHER_KINDS = ORDER.findIndex((kinds) => kinds.length === 0)

/** The group of kinds that an object is applied with, counted from 0. */
export function applyRank({ kind }: KindReference): number {
  const rank = ORDER.findIndex((kinds) => kinds.includes(kind))
  return rank === -1 ? OTHER_KINDS : rank
}

/** The kinds that are waited for: the others are done when the cluster has taken them, or serve these. */
const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job'])

export function isWorkload({ kind }: KindReference): boolean {
  return WORKLOADS.has(kind)
}
