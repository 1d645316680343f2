import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { TestCluster } from './shared-cluster.ts'

/** The API of a cluster at a local address that takes no credentials (`kubectl proxy`), until it is closed. */
export async function proxyTo({
  kubectl,
  kubeconfig,
}: Pick<TestCluster, 'kubectl' | 'kubeconfig'>): Promise<{ server: string; close: () => void }> {
  const proxy = spawn(kubectl, ['--kubeconfig', kubeconfig, 'proxy', '--port=0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const failed = new Promise<never>((_, reject) => proxy.on('error', reject))
  const served = (async () => {
    for await (const line of createInterface(proxy.stdout)) {
      const address = /Starting to serve on (\S+)/.exec(line)?.[1]
      if (address !== undefined)
        return { server: `http://${address}`, close: () => void proxy.kill() }
    }
    throw new Error('kubectl proxy ended before it served')
  })()
  return Promise.race([served, failed])
}
