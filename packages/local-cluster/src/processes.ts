import { spawn } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { enterCgroup } from './cgroups.ts'
import type { ClusterPaths } from './paths.ts'
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts'

/** A program of the control plane. */
export interface Daemon {
  name: string
  command: [string, ...string[]]
  env?: Record<string, string>
  /** It writes data that has to be whole: it is asked to end before it is made to. */
  keepsData?: boolean
}

const recordsOf = (paths: ClusterPaths) => join(paths.run, 'processes')

/** Starts a daemon that outlives this process, with its output in the cluster's log directory, and keeps its identity. */
export function startDaemon(daemon: Daemon, paths: ClusterPaths, cgroup: string): void {
  mkdirSync(paths.log, { recursive: true })
  const log = openSync(join(paths.log, `${daemon.name}.log`), 'w')
  const [program, ...args] = daemon.command
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...daemon.env },
    cwd: '/',
  })
  closeSync(log)
  child.on('error', () => {
    // The program could not be started: its pid is missing, which is told below.
  })
  if (child.pid === undefined) throw new Error(`${program} cannot be started`)
  enterCgroup(cgroup, child.pid)
  recordProcess(paths, daemon.name, child.pid)
  child.unref()
}

/** Keeps the identity of a process of the cluster. One file for each: they start and end independently. */
export function recordProcess(paths: ClusterPaths, name: string, pid: number): void {
  const identity = identify(pid)
  if (identity === undefined) return
  mkdirSync(recordsOf(paths), { recursive: true })
  writeFileSync(join(recordsOf(paths), `${name}.json`), JSON.stringify(identity))
}

/** The process of that name, if it still runs. */
export function runningProcess(paths: ClusterPaths, name: string): ProcessIdentity | undefined {
  try {
    const file = join(recordsOf(paths), `${name}.json`)
    const identity = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity
    return isRunning(identity) ? identity : undefined
  } catch {
    return undefined
  }
}

/** The names of all processes that were started and not ended by us, dead ones included. */
export function recordedProcesses(paths: ClusterPaths): string[] {
  try {
    return readdirSync(recordsOf(paths)).map((file) => file.replace(/\.json$/, ''))
  } catch {
    return []
  }
}

/** Ends a process and resolves when it is gone. With `graceMs` it is asked first and made to after that time. */
export async function endProcess(paths: ClusterPaths, name: string, graceMs = 0): Promise<void> {
  const identity = runningProcess(paths, name)
  if (identity !== undefined) await end(identity, graceMs)
  rmSync(join(recordsOf(paths), `${name}.json`), { force: true })
}

async function end(identity: ProcessIdentity, graceMs: number): Promise<void> {
  let forced = graceMs === 0
  signal(identity, forced ? 'SIGKILL' : 'SIGTERM')
  for (let waited = 0; isRunning(identity); waited += 10) {
    if (!forced && waited >= graceMs) {
      forced = true
      signal(identity, 'SIGKILL')
    }
    await sleep(10)
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(identity.pid, name)
  } catch {
    // It ended by itself in the meantime.
  }
}
