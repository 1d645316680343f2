import type { Wait } from '@landfall/kube'
import type { Gate, ServicePlan } from '../../plan/plan.ts'

/** A wait for a Job of the project. */
export interface JobGate extends Gate {
  wait: Extract<Wait, { job: string }>
  job: string
}

export function isJobGate(gate: Gate): gate is JobGate {
  return gate.job !== undefined && 'job' in gate.wait
}

/** The list of a service, with all its waits but those for Jobs and those that need another program. */
export function ownList({ name }: Pick<ServicePlan, 'name'>): string {
  return `waits-${name}`
}

/** One list a Job and kind of wait, shared by all that wait for it. */
export function jobList({ wait, on }: JobGate): string {
  return `${wait.kind}-${on}`
}

/** A wait for the rollout of a Deployment of the project. */
export interface RolloutGate extends Gate {
  wait: Extract<Wait, { kind: 'rollout' }>
}

export function isRolloutGate(gate: Gate): gate is RolloutGate {
  return gate.wait.kind === 'rollout'
}

/** One list a Deployment, shared by all that wait for its rollout. */
export function rolloutList({ wait }: Pick<RolloutGate, 'wait'>): string {
  return `rollout-${wait.deployment}`
}
