import { toPointer } from '@landfall/diagnostic'
import type { Derived } from '@landfall/kube'
import type { Roll } from '../plan/plan.ts'
import type { BundleDraft, WorkloadDraft } from './bundle-draft.ts'
import { annotate } from './pod.ts'

/** The annotations over one kind of content, with the workloads whose pods have them. */
export function rollsBy(
  { workloads }: BundleDraft,
  by: Roll['by'],
): { workload: WorkloadDraft; roll: Roll }[] {
  return workloads.flatMap((workload) =>
    workload.plan.rolls.filter((roll) => roll.by === by).map((roll) => ({ workload, roll })),
  )
}

/** Puts an annotation on the pods of a workload that changes when one of the inputs does, if there are any: a change makes new pods. */
export function addRoll(
  draft: BundleDraft,
  { pod, role }: WorkloadDraft,
  annotation: string | undefined,
  inputs: Derived['inputs'],
): void {
  if (annotation === undefined || inputs.length === 0) return
  annotate(pod.metadata, annotation, '')
  const pointer = toPointer(['spec', 'template', 'metadata', 'annotations', annotation])
  draft.derived.push({ rule: 'content-hash', base: '', inputs, at: [{ object: role, pointer }] })
}
