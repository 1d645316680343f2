import { ownValue } from '@landfall/diagnostic'
import { isLoopback } from './hosts.ts'

/** Which hosts may receive the login of a registry. */
export interface LoginRules {
  /** Hosts, in addition to those of this machine, that may use plain http. */
  plainHttp?: readonly string[]
  /** Hosts of token services by the host of their registry, chosen by the user. */
  tokenServices?: Readonly<Record<string, readonly string[]>>
}

/**
 * Token services on another host than their registry, as their providers document them.
 * https://docs.docker.com/reference/api/hub/latest/ · https://docs.gitlab.com/api/container_registry/ ·
 * https://docs.digitalocean.com/reference/api/
 */
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  'docker.io': ['auth.docker.io'],
  'registry.gitlab.com': ['gitlab.com'],
  'registry.digitalocean.com': ['api.digitalocean.com'],
}

/**
 * Whether an address may receive the login that the user has at `host` (`docker.io`, `registry.example:5000`): it is the server
 * of that registry or its token service, and is not asked over plain http unless the registry may use it. Nothing is derived
 * from a common part of two names.
 */
export function mayReceiveLogin(
  to: URL,
  host: string,
  server: string,
  { plainHttp = [], tokenServices = {} }: LoginRules,
): boolean {
  if (to.protocol !== 'https:' && !isLoopback(to.host) && !plainHttp.includes(to.host)) return false
  return (
    to.host === new URL(server).host ||
    (ownValue(DOCUMENTED, host)?.includes(to.host) ?? false) ||
    (ownValue(tokenServices, host)?.includes(to.host) ?? false)
  )
}
