import type { TestProject } from 'vitest/node'
import { openContext, otherContext } from '../other-cluster.ts'
import { proxyTo } from '../proxy.ts'
import { temporaryApiServer } from './temporary-server.ts'

/** One API server for all tests of a run: one of our own without nodes, or that of the cluster which LANDFALL_TEST_CONTEXT names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const context = otherContext(process.env)
  if (context !== undefined) {
    const { cluster, close } = await openContext(context)
    const proxy = await proxyTo(cluster)
    project.provide('api', { server: proxy.server, bare: false })
    return async () => {
      proxy.close()
      close()
    }
  }
  const started = performance.now()
  const { server, authority, token, close } = await temporaryApiServer()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(`  API server at ${server} in ${seconds} s\n`)
  project.provide('api', { server, authority, token, bare: true })
  return close
}
