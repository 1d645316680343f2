import type { TestProject } from 'vitest/node'
import { otherCluster, serveContext } from '../other-cluster.ts'
import { temporaryApiServer } from './temporary-server.ts'

/** One API server for all tests of a run: one of our own without nodes, or that of the cluster which LANDFALL_TEST_CONTEXT names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const other = otherCluster(process.env)
  if (other !== undefined) {
    const proxy = await serveContext(other)
    project.provide('api', { server: proxy.server, bare: false })
    return async () => proxy.close()
  }
  const started = performance.now()
  const { server, authority, token, close } = await temporaryApiServer()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(`  API server at ${server} in ${seconds} s\n`)
  project.provide('api', { server, authority, token, bare: true })
  return close
}
