import type { KubeObject } from '@landfall/kube'
import type { ClusterFacts } from '../kind/cluster-facts.ts'
import type { ClusterKind } from '../kind/cluster-kind.ts'

/** Something that the objects use and the cluster does not have. */
export interface Lack {
  /** One sentence: what is missing, and for what. */
  message: string
  /** The command that adds it there, or what to do. */
  remedy?: string
  /** Nothing that uses it can start: `up` stops before it applies anything. */
  fatal: boolean
}

/** What lacks are found in. */
export interface LackInput {
  facts: ClusterFacts
  cluster: ClusterKind
  /** What is to be deployed. */
  objects: readonly KubeObject[]
  namespace: string
}

/** `web, db and 3 more` */
export function listed(names: readonly string[]): string {
  const unique = [...new Set(names)]
  if (unique.length <= 4) return unique.join(', ')
  return `${unique.slice(0, 3).join(', ')} and ${unique.length - 3} more`
}

/** Items by what they have in common, in the order of the first of each. */
export function grouped<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}
