import type { ServiceConversion } from '../conversion.ts'

/** Whether two services see each other by name under Compose: a network in common. */
export function shareNetwork(one: ServiceConversion, other: ServiceConversion): boolean {
  const networks = Object.keys(one.compose.networks ?? {})
  return one === other || networks.some((network) => network in (other.compose.networks ?? {}))
}
