import type { ServiceConversion } from '../../conversion.ts'

/** Whether two services see each other by name under Compose: a network in common. */
export function shareNetwork(one: ServiceConversion, other: ServiceConversion): boolean {
  const networks = Object.keys(one.compose.networks ?? {})
  return one === other || networks.some((network) => network in (other.compose.networks ?? {}))
}

/** Whether a service has a pod of its own with the network of its node, as landfall.yaml allows. */
export function isOnNode({ compose, settings, plan }: ServiceConversion): boolean {
  const other = /^(none|(service|container):.*)$/.test(String(compose.network_mode ?? ''))
  return settings.host?.network === true && plan.pod === undefined && !other
}
