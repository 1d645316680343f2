import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type KubeClient, kubeClient } from '@landfall/kube'
import { sharedCluster } from '@landfall/testkit'
import { afterAll } from 'vitest'

/** A client of the shared cluster for a test file; kubectl carries the credentials. */
export async function clusterClient(): Promise<KubeClient> {
  const { kubectl, kubeconfig } = sharedCluster()
  const proxy = spawn(kubectl, ['--kubeconfig', kubeconfig, 'proxy', '--port=0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  afterAll(() => {
    proxy.kill()
  })
  for await (const line of createInterface(proxy.stdout)) {
    const address = /Starting to serve on (\S+)/.exec(line)?.[1]
    if (address !== undefined) return kubeClient({ fetch, server: `http://${address}` })
  }
  throw new Error('kubectl proxy ended before it served')
}
