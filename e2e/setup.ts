import { clusterDown, clusterUp, defaultOptions, type Progress } from '@landfall/local-cluster'
import type { TestProject } from 'vitest/node'

/** One two-node cluster for all end-to-end tests of a run; LANDFALL_KEEP_CLUSTER=1 leaves it for looking around. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
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
