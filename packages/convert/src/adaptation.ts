import type { Conversion } from './conversion.ts'
import type { DocumentedReason } from './ledger/reasons.ts'
import type { BundleDraft } from './objects/bundle-draft.ts'
import type { Because } from './plan/because.ts'
import type { ContainerMount, Plan, PodPart, ServicePlan } from './plan/plan.ts'

/**
 * One way in which a project changes on its way to Kubernetes. Every adaptation decides first (`plan`, all of them in
 * the registry's order), then writes objects (`build`, in the same order). Building decides nothing: it sees the plan alone.
 */
export interface Adaptation {
  /** Permanent, kebab-case, equal to its folder; its ledger codes begin with it. */
  readonly id: string
  readonly title: string
  /** Every reason that its ledger entries can have. */
  readonly reasons?: { readonly all: readonly DocumentedReason[] }
  /** Every cause of its decisions in the plan. */
  readonly causes?: { readonly all: readonly Because[] }
  plan?(conversion: Conversion): void
  /** What the pod of a service holds for it, once everything is decided. `mounts`: those of the program so far. */
  part?(service: ServicePlan, plan: Plan, mounts: readonly ContainerMount[]): PodPart
  build?(draft: BundleDraft): void
}
