import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultOptions, startApiServer } from '@landfall/local-cluster'
import type { TestProject } from 'vitest/node'
import { otherCluster, serveContext } from '../other-cluster.ts'

/** One API server for all tests of a run: one of our own without nodes, or that of the cluster which LANDFALL_TEST_CONTEXT names. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const other = otherCluster(process.env)
  if (other !== undefined) {
    const proxy = await serveContext(other)
    project.provide('api', { server: proxy.server, bare: false })
    return async () => proxy.close()
  }
  const directory = mkdtempSync(join(tmpdir(), 'landfall-api-'))
  const { cacheDirectory } = defaultOptions(process.env)
  const started = performance.now()
  const api = await startApiServer({ cacheDirectory, directory, progress: () => {} })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(`  API server at ${api.server} in ${seconds} s\n`)
  const { server, authority, token } = api
  project.provide('api', { server, authority, token, bare: true })
  return async () => {
    await api.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
