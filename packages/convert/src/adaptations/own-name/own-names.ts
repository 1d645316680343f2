import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { mostCopies } from '../../facts/most-copies.ts'
import { namedHosts } from '../../facts/names/references.ts'
import { inPodOf, podOf } from '../../facts/pods.ts'
import { hostnameOf } from './hostname.ts'

const HOSTS_FILE = '/etc/hosts'

/** Decides which names a program finds at its own pod, beside that which the kubelet gives it. */
export function planOwnNames(conversion: Conversion): void {
  for (const service of conversion.services) {
    const names = ownNamesOf(conversion, service)
    if (needsNames(service, names)) service.plan.ownNames = names
  }
}

/** The names of all containers of the pod but its hostname, written and legal, sorted. */
function ownNamesOf(conversion: Conversion, service: ServiceConversion): string[] {
  const names = inPodOf(conversion, service).flatMap(({ plan }) =>
    plan.names
      // what several services answer to is not this one's alone.
      .filter(({ name }) => !conversion.sharers.has(name))
      .flatMap(({ written, name, beside }) => (beside === undefined ? [name, written] : [name])),
  )
  const host = conversion.serviceOf(podOf(service)) ?? service
  const hostname = hostnameOf(host)
  return [...new Set(names)].filter((name) => name !== hostname && /^[\w.-]+$/.test(name)).sort()
}

/** Where a program names itself by one of these names, or its fellow members may, and copies are not what it means. */
function needsNames(service: ServiceConversion, names: readonly string[]): boolean {
  const { plan, compose, settings } = service
  const onNode = compose.network_mode === 'host' && settings.host?.network === true
  // a copy with a number is reached by a name of its own, which the kubelet gives it
  if (plan.kind === 'StatefulSet') return false
  if (plan.kind === 'Job' || names.length === 0 || onNode || hasHostsFile(service)) return false
  const isMember = plan.reach.mode === 'pods'
  if (isMember) return mostCopies(plan) <= 1 && plan.kind !== 'DaemonSet'
  const named = namedHosts(service)
  return names.some((name) => named.has(name.toLowerCase()))
}

/** The project mounts one itself. */
function hasHostsFile({ plan }: ServiceConversion): boolean {
  return [...plan.files, ...plan.volumes, ...plan.hostPaths].some(
    ({ target }) => target === HOSTS_FILE,
  )
}
