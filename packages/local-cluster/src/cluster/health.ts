import { Resolver } from 'node:dns/promises'
import type { ApiClient } from '../api-client.ts'
import { runningProcess } from '../host/processes.ts'
import { GiveUp } from '../host/until.ts'
import type { AddressPlan, NodePlan } from '../network/address-plan.ts'
import type { ClusterPaths } from './paths.ts'

/** Throws an Error that names the first thing that does not work. */
export async function checkHealth(
  api: ApiClient,
  plan: AddressPlan,
  nodes: NodePlan[],
  paths: ClusterPaths,
  bootedAt: number,
): Promise<void> {
  for (const { name } of nodes) {
    if (runningProcess(paths, name) === undefined) throw new GiveUp(`${name} has ended`)
    const node = (await api.get(`/api/v1/nodes/${name}`)) as {
      status: {
        conditions?: { type: string; status: string; message: string; lastHeartbeatTime: string }[]
      }
    }
    const ready = node.status.conditions?.find(({ type }) => type === 'Ready')
    // A node that was lost is shown as ready for some time: what it said before it was booted does not count.
    if (ready === undefined || new Date(ready.lastHeartbeatTime).getTime() + 1000 <= bootedAt)
      throw new Error(`the kubelet of ${name} has not reported yet`)
    if (ready.status !== 'True') throw new Error(`${name} is not ready: ${ready.message}`)
  }
  await api.get('/api/v1/namespaces/default/serviceaccounts/default')
  const names = new Resolver({ timeout: 1000, tries: 1 })
  names.setServers([plan.gateway])
  await names.resolve4('kubernetes.default.svc.cluster.local')
  for (const registry of [plan.registry, plan.packageRegistry]) {
    const answer = await fetch(`http://${registry}/v2/`, { signal: AbortSignal.timeout(2000) })
    if (!answer.ok) throw new Error(`the registry at ${registry} answers ${answer.status}`)
  }
}
