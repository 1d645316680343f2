import { Resolver } from 'node:dns/promises'
import { conditionOf, type KubeClient } from '@landfall/kube'
import { basicAuthorization, readRegistryLogin } from '../control-plane/registry-login.ts'
import { runningProcess } from '../host/processes.ts'
import { GiveUp } from '../host/until.ts'
import type { AddressPlan, NodePlan } from '../network/address-plan.ts'
import type { ClusterPaths } from './paths.ts'

/** Throws an Error that names the first thing that does not work. */
export async function checkHealth(
  client: KubeClient,
  plan: AddressPlan,
  nodes: NodePlan[],
  paths: ClusterPaths,
  bootedAt: number,
): Promise<void> {
  for (const { name } of nodes) {
    if (runningProcess(paths, name) === undefined) throw new GiveUp(`${name} has exited`)
    const node = await client.get({ apiVersion: 'v1', kind: 'Node', name })
    const ready = node && conditionOf(node, 'Ready')
    // A node that was lost is shown as ready for some time: what it reported before it was booted does not count.
    if (ready === undefined || Date.parse(ready.lastHeartbeatTime ?? '') + 1000 <= bootedAt)
      throw new Error(`the kubelet of ${name} has not reported yet`)
    if (ready.status !== 'True') throw new Error(`${name} is not ready: ${ready.message}`)
  }
  if (
    (await client.get({ apiVersion: 'v1', kind: 'ServiceAccount', name: 'default' })) === undefined
  )
    throw new Error('the namespace default has no service account yet')
  const names = new Resolver({ timeout: 1000, tries: 1 })
  names.setServers([plan.gateway])
  await names.resolve4('kubernetes.default.svc.cluster.local')
  await checkRegistries(plan, paths)
}

/** Throws an Error that names the first registry that does not respond as it should. */
export async function checkRegistries(plan: AddressPlan, paths: ClusterPaths): Promise<void> {
  const login = readRegistryLogin(paths.registryLogin)
  const authorization = login === undefined ? '' : basicAuthorization(login)
  const writers = [plan.registryWriter, plan.packageRegistryWriter]
  for (const registry of [plan.registry, plan.packageRegistry, ...writers]) {
    const answer = await fetch(`http://${registry}/v2/`, {
      ...(writers.includes(registry) && { headers: { authorization } }),
      signal: AbortSignal.timeout(2000),
    })
    if (!answer.ok)
      throw new Error(`the registry at ${registry} responds with status ${answer.status}`)
  }
}
