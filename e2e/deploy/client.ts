import { type KubeClient, kubeClient } from '@landfall/kube'
import { proxyTo, sharedCluster } from '@landfall/testkit'
import { afterAll, beforeAll } from 'vitest'

/** A client of the shared cluster for the tests of a file; kubectl carries the credentials. */
export function clusterClient(): () => KubeClient {
  let proxy: Awaited<ReturnType<typeof proxyTo>> | undefined
  let client: KubeClient | undefined
  beforeAll(async () => {
    proxy = await proxyTo(sharedCluster())
    client = kubeClient({ fetch, server: proxy.server })
  })
  afterAll(() => proxy?.close())
  return () => {
    if (client === undefined) throw new Error('the client is there when a test runs, not before')
    return client
  }
}
