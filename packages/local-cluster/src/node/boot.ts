import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { NetworkTools } from '../cache/network-tools.ts'
import { commandInCgroup } from '../host/cgroups.ts'
import { daemonEnvironment } from '../host/processes.ts'
import { CommandFailed, run } from '../host/run.ts'

/** What a node is started with. */
export interface Boot {
  /** The control group of its programs. */
  cgroup: string
  /** The script that becomes its process 1: see `init-script.ts`. */
  script: string
  /** The output of that script. */
  log: string
  /** Commands for `ip` on the host that connect the node; `{pid}` is its process 1. */
  network: readonly string[]
}

/** The first process after unshare(1) that is started is the process 1 of the new namespace; its number is the host's. */
const FIRST_PROCESS = 'bash --norc "$1" <&3 3<&- >"$2" 2>&1 & echo $!'

/**
 * Starts the process 1 of a node in new mount, process, network, host name and IPC namespaces, connects the node to the network, and
 * resolves with the number of the process. The process waits for the network, and ends when this process ends before that. Throws
 * CommandFailed when the namespaces or the network cannot be made; nothing is left running then.
 */
export async function boot(
  { cgroup, script, log, network }: Boot,
  tools: NetworkTools,
): Promise<number> {
  const namespaces = ['--mount', '--pid', '--net', '--uts', '--ipc', '--propagation', 'private']
  const command = [
    'unshare',
    ...namespaces,
    'bash',
    '--norc',
    '-c',
    FIRST_PROCESS,
    'bash',
    script,
    log,
  ]
  const [program = '', ...args] = commandInCgroup(cgroup, command)
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...daemonEnvironment(process.env), ...tools.env },
  })
  const cable = child.stdio[3] as Writable
  cable.on('error', () => {
    // A process 1 that has ended reads nothing; its log shows why.
  })
  const output = Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)])
  const [code] = (await once(child, 'exit')) as [number | null]
  const [stdout, stderr] = await output
  const pid = Number(stdout)
  if (code !== 0 || !(pid > 0)) throw new CommandFailed('unshare', code, stderr)
  try {
    const input = network.map((line) => `${line.replaceAll('{pid}', stdout.trim())}\n`).join('')
    await run('ip', ['-batch', '-'], { env: tools.env, input })
  } catch (error) {
    cable.destroy()
    process.kill(pid, 'SIGKILL')
    throw error
  }
  cable.end('connected\n')
  return pid
}
