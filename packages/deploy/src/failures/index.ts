/**
 * What can be wrong with a release, rule by rule. The order is meaning: of several things that are wrong, the one whose
 * rule comes first is the cause, and what a pod does while it waits for another one is none.
 */
import { configRule } from './config.ts'
import { crashRule } from './crash.ts'
import type { PodRule, WorkloadRule } from './finding.ts'
import { healthRule } from './health.ts'
import { imageRule } from './image.ts'
import { mountRule } from './mount.ts'
import { nodeRule } from './node.ts'
import { predecessorRule } from './predecessor.ts'
import { scheduleRule } from './schedule.ts'
import { jobRule, refusedPodsRule, rolloutRule } from './workload.ts'

export { type FailureCode, failureCodes } from './codes.ts'
export type { About, Finding } from './finding.ts'

export const POD_RULES: readonly PodRule[] = [
  nodeRule,
  imageRule,
  configRule,
  mountRule,
  crashRule,
  scheduleRule,
  healthRule,
]

export const WORKLOAD_RULES: readonly WorkloadRule[] = [
  refusedPodsRule,
  jobRule,
  predecessorRule,
  rolloutRule,
]

/** Rank of what only follows from the others: nearer to the cause is every rule. */
export const NO_RANK: number = POD_RULES.length + WORKLOAD_RULES.length
