import { POD_INDEX_LABEL } from '@landfall/kube'
import { IDENTITY_VARIABLE, withNumber } from '../facts/identity.ts'
import type { ServicePlan } from '../plan/plan.ts'
import type { EnvironmentVariable } from './pod.ts'

/** The variables with the number of a copy; none for a service whose copies have none. */
export function identityVariables({ identity }: ServicePlan): EnvironmentVariable[] {
  if (identity === undefined) return []
  const valueFrom = { fieldRef: { fieldPath: `metadata.labels['${POD_INDEX_LABEL}']` } }
  const names = [IDENTITY_VARIABLE, ...(identity.env === undefined ? [] : [identity.env])]
  return [...new Set(names)].map((name) => ({ name, valueFrom }))
}

/** A command, an argument or a value of a container, in which the kubelet places the number of the copy. */
export function numbered({ identity }: ServicePlan, text: string): string {
  return identity === undefined ? text : withNumber(text, `$(${IDENTITY_VARIABLE})`)
}
