import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type KubeClient, kubeClient } from '@landfall/kube'
import { sharedCluster } from '@landfall/testkit'
import { afterAll, beforeAll } from 'vitest'

/** A client of the shared cluster for the tests of a file; kubectl carries the credentials. */
export function clusterClient(): () => KubeClient {
  let proxy: ChildProcess | undefined
  let client: KubeClient | undefined
  beforeAll(async () => {
    const { kubectl, kubeconfig } = sharedCluster()
    const started = spawn(kubectl, ['--kubeconfig', kubeconfig, 'proxy', '--port=0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    proxy = started
    for await (const line of createInterface(started.stdout)) {
      const address = /Starting to serve on (\S+)/.exec(line)?.[1]
      if (address === undefined) continue
      client = kubeClient({ fetch, server: `http://${address}` })
      return
    }
    throw new Error('kubectl proxy ended before it served')
  })
  afterAll(() => {
    proxy?.kill()
  })
  return () => {
    if (client === undefined) throw new Error('the client is there when a test runs, not before')
    return client
  }
}
