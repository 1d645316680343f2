import type { AddressPlan } from './address-plan.ts'

/**
 * What a cluster's programs need where the machine reaches the outside through a proxy (Go's net/http/httpproxy): addresses of
 * the cluster itself are reached directly. Empty without a proxy.
 */
export function proxyEnvironment(
  plan: AddressPlan,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']
  if (!proxies.some((name) => (env[name] ?? '') !== '')) return {}
  const own = [plan.nodeCidr, plan.podCidr, plan.serviceCidr, '.svc', '.cluster.local']
  const before = env.NO_PROXY ?? env.no_proxy ?? ''
  const all = [...before.split(',').filter((entry) => entry !== ''), ...own].join(',')
  return { NO_PROXY: all, no_proxy: all }
}
