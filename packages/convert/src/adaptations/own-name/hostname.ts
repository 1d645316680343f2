import { toDnsLabel } from '@landfall/kube'
import type { ServiceConversion } from '../../conversion.ts'
import { mostCopies } from '../../facts/most-copies.ts'

/** The name that a container has for itself under Compose, where Kubernetes can give it; several pods have names of their own. */
export function hostnameOf(service: ServiceConversion): string | undefined {
  const { compose, plan } = service
  if (!hasOneName(service)) return undefined
  const written = compose.hostname ?? compose.container_name ?? service.service
  const known = plan.names.find((name) => name.written === written)
  return toDnsLabel(known?.name ?? written.split('.')[0] ?? written)
}

/** Several pods have names of their own, unless the project gives all of them one; the controller names those with numbers. */
function hasOneName({ compose, plan }: ServiceConversion): boolean {
  if (plan.kind === 'StatefulSet') return false
  return compose.hostname !== undefined || (mostCopies(plan) === 1 && plan.kind !== 'DaemonSet')
}
