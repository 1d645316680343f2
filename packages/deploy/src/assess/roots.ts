import { type GateLine, type KubeObject, POD_INDEX_LABEL, readGateLine } from '@landfall/kube'
import type { Assessment } from './assess.ts'

/** Which workload answers to a name, by the names of Services and of workloads. */
export type Owners = ReadonlyMap<string, string>

/** The owners of all names of a release: each Service leads to the workload whose pods it selects. */
export function ownersOf(workloads: readonly KubeObject[], objects: readonly KubeObject[]): Owners {
  const owners = new Map<string, string>()
  const byLabel = new Map<string, Set<string>>()
  for (const { kind, metadata, spec } of workloads) {
    const id = `${kind.toLowerCase()}/${metadata.name}`
    owners.set(metadata.name.replace(/-[0-9a-f]{10}$/, ''), id)
    const labels: Record<string, string> = spec?.template?.metadata?.labels ?? {}
    for (const [key, value] of Object.entries(labels)) {
      const pair = `${key}=${value}`
      byLabel.set(pair, (byLabel.get(pair) ?? new Set()).add(id))
    }
  }
  for (const { kind, metadata, spec } of objects) {
    if (kind !== 'Service' || spec?.selector === undefined) continue
    const owner = soleOwner(
      // the controller of a StatefulSet gives each pod its number
      Object.entries(spec.selector as Record<string, string>).filter(
        ([key]) => key !== POD_INDEX_LABEL,
      ),
      byLabel,
    )
    if (owner !== undefined) owners.set(metadata.name, owner)
  }
  return owners
}

/** The workload that has all these labels; the first one if several have. */
function soleOwner(
  selector: readonly [string, string][],
  byLabel: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const sets = selector.map(([key, value]) => byLabel.get(`${key}=${value}`) ?? new Set<string>())
  const [smallest = new Set<string>(), ...others] = sets.sort((a, b) => a.size - b.size)
  return [...smallest].find((id) => others.every((set) => set.has(id)))
}

/** The end of a chain of waits: the first workload that waits for nothing, and what the last gate before it waits for. */
export interface Root {
  at: Assessment
  /** The workload that waits for it, and for what; absent if none does. */
  waiter?: { by: string; wait: GateLine }
}

/** Follows the waits from a workload to the first that waits for no other one. */
export function rootOf(
  from: Assessment,
  assessments: ReadonlyMap<string, Assessment>,
  owners: Owners,
): Root {
  const seen = new Set<string>()
  let root: Root = { at: from }
  while (root.at.gated && !seen.has(root.at.object)) {
    seen.add(root.at.object)
    const wait = readGateLine(root.at.message)
    const next = wait === undefined ? undefined : assessments.get(owners.get(wait.name) ?? '')
    if (wait === undefined || next === undefined) return root
    root = { at: next, waiter: { by: root.at.object, wait } }
  }
  return root
}
