import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isClosedToRoot } from '../host/private-directory.ts'
import { type Daemon, ensureDaemon, runningProcess } from '../host/processes.ts'
import { GiveUp, until } from '../host/until.ts'
import type { AddressPlan } from '../network/address-plan.ts'
import { proxyEnvironment } from '../network/proxy.ts'
import type { ClusterPaths } from './paths.ts'

const START_LIMIT_MS = 120_000

/** Starts the daemons of a cluster that do not run, each in the control group of the cluster. */
export async function ensureDaemons(
  daemons: readonly Daemon[],
  paths: ClusterPaths,
  plan: AddressPlan,
): Promise<void> {
  const proxy = proxyEnvironment(plan, process.env)
  const search = isClosedToRoot(paths.root) || isClosedToRoot(paths.packageRegistry)
  for (const { capabilities = [], env, ...daemon } of daemons)
    await ensureDaemon(
      {
        ...daemon,
        env: { ...proxy, ...env },
        capabilities: search ? [...capabilities, 'dac_read_search'] : capabilities,
      },
      paths,
      `${plan.id}/system`,
    )
}

/** Repeats the check until it succeeds; a daemon that exits meanwhile is reported at once, with the end of its log. */
export async function whileRunning<T>(
  daemons: readonly Daemon[],
  paths: ClusterPaths,
  what: string,
  check: () => Promise<T>,
): Promise<T> {
  return until(what, START_LIMIT_MS, async () => {
    for (const { name } of daemons)
      if (runningProcess(paths, name) === undefined)
        throw new GiveUp(`${name} has exited; last lines of ${logOf(paths, name)}`)
    return await check()
  })
}

function logOf(paths: ClusterPaths, name: string): string {
  const file = join(paths.log, `${name}.log`)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  // Programs of Kubernetes print their usage after an error in their arguments.
  const error = lines.findLast((line) => line.startsWith('Error: '))
  const last = lines.slice(-8)
  const shown = error === undefined || last.includes(error) ? last : [error]
  return [`${file}:`, ...shown].join('\n')
}
