import { clusterDown, clusterUp, defaultOptions, type Progress } from '@landfall/local-cluster'
import { openContext, otherContext } from '@landfall/testkit'
import type { TestProject } from 'vitest/node'

/**
 * One two-node cluster for all end-to-end tests of a run; LANDFALL_KEEP_CLUSTER=1 leaves it for looking around.
 * With LANDFALL_TEST_CONTEXT it is the cluster of that context.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const context = otherContext(process.env)
  if (context !== undefined) {
    const { cluster, close } = await openContext(context)
    project.provide('cluster', cluster)
    return async () => close()
  }
  const options = { ...defaultOptions(process.env), name: 'e2e', nodes: 2 }
  const progress: Progress = ({ step, state, detail, ms }) => {
    if (state !== 'progress')
      process.stderr.write(
        `  ${step}${detail === undefined ? '' : ` (${detail})`}${state === 'done' ? `: ${((ms ?? 0) / 1000).toFixed(1)} s` : state === 'cached' ? ': cached' : ' …'}\n`,
      )
  }
  const cluster = await clusterUp(options, progress)
  project.provide('cluster', cluster)
  return async () => {
    if (process.env.LANDFALL_KEEP_CLUSTER === undefined)
      await clusterDown(options, { volumes: true }, progress)
  }
}
