import type { Gate, ServicePlan } from '../../plan/plan.ts'

export function isJobGate(gate: Gate): gate is Gate & { job: string } {
  return gate.job !== undefined
}

/** The list of a service, with all its waits but those for Jobs. */
export function ownList({ name }: Pick<ServicePlan, 'name'>): string {
  return `waits-${name}`
}

/** One list a Job and kind of wait, shared by all that wait for it. */
export function jobList({ wait, on }: Gate): string {
  const [kind = 'job'] = wait.split(' ')
  return `${kind}-${on}`
}

/** The lists that the gate of a service reads. */
export function listsOf(service: ServicePlan): string[] {
  const { gates } = service
  return [
    ...[...new Set(gates.filter(isJobGate).map(jobList))].sort(),
    ...(gates.every(isJobGate) ? [] : [ownList(service)]),
  ]
}
