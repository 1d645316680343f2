import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, machineClock } from '@landfall/kube'
import { commandInCgroup, processesIn } from './cgroups.ts'
import { openLog } from './files/continued-file.ts'
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts'
import { writeWhole } from './write-whole.ts'

/** The directories of records and logs of processes; absolute paths. */
export interface ProcessPaths {
  run: string
  log: string
}

/** A program of the control plane. */
export interface Daemon {
  name: string
  command: [string, ...string[]]
  env?: Record<string, string>
  /** It writes data that has to be whole: it gets SIGTERM before SIGKILL. */
  keepsData?: boolean
  /** Files that it reads once, when it starts. */
  reads?: string[]
  /** The capabilities(7) that it needs, in lower case without `cap_`. */
  capabilities?: string[]
}

/** What is kept of a process: who it is, and a hash of what it was started with. */
interface ProcessRecord extends ProcessIdentity {
  fingerprint: string
}

/** How long a daemon that keeps data may take to end. */
export const dataGraceMs = 3000

const recordsOf = (paths: ProcessPaths) => join(paths.run, 'processes')
const recordFile = (paths: ProcessPaths, name: string) => join(recordsOf(paths), `${name}.json`)

/** Starts a daemon, unless it runs already with the same command and files. One that runs with others is ended first. */
export async function ensureDaemon(
  daemon: Daemon,
  paths: ProcessPaths,
  cgroup: string,
): Promise<void> {
  const files = (daemon.reads ?? []).map((file) => readFileSync(file, 'utf8'))
  const fingerprint = fingerprintOf([...withFewestRights(daemon), ...files])
  if (runsAs(paths, daemon.name, fingerprint)) return
  await endProcess(paths, daemon.name, daemon.keepsData === true ? dataGraceMs : 0)
  startDaemon(daemon, paths, cgroup, fingerprint)
}

/** Starts a daemon that outlives this process, with its output in the cluster's log directory, and keeps its identity. */
function startDaemon(
  daemon: Daemon,
  paths: ProcessPaths,
  cgroup: string,
  fingerprint: string,
): void {
  mkdirSync(paths.log, { recursive: true })
  const log = openLog(join(paths.log, `${daemon.name}.log`))
  const [program = '', ...args] = commandInCgroup(cgroup, withFewestRights(daemon))
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...daemonEnvironment(process.env), ...daemon.env },
    cwd: '/',
  })
  closeSync(log)
  child.on('error', () => {
    // The program could not be started: its pid is missing, which is reported below.
  })
  if (child.pid === undefined) throw new Error(`${daemon.name} cannot be started`)
  recordProcess(paths, daemon.name, child.pid, fingerprint)
  child.unref()
}

/**
 * The command of a daemon, whose process and children have no capabilities but those that it needs, and never get more. Only root has
 * any to give up.
 */
export function withFewestRights({ command, capabilities = [] }: Daemon): string[] {
  if (process.getuid?.() !== 0) return command
  const kept = ['-all', ...capabilities.map((name) => `+${name}`)].join(',')
  return ['setpriv', '--no-new-privs', `--bounding-set=${kept}`, '--inh-caps=-all', ...command]
}

/** What a daemon gets of a user's environment: where programs are, certificates and proxies; not the user's tokens. */
export function daemonEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wanted = /^(?:PATH|HOME|TZ|LANG|SSL_CERT_(?:FILE|DIR)|(?:https?|no|all)_proxy)$/i
  return Object.fromEntries(Object.entries(env).filter(([name]) => wanted.test(name)))
}

/** Keeps the identity of a process of the cluster. One file for each: they start and end independently. */
export function recordProcess(
  paths: ProcessPaths,
  name: string,
  pid: number,
  fingerprint: string,
): void {
  const identity = identify(pid)
  if (identity === undefined) return
  const record: ProcessRecord = { ...identity, fingerprint }
  writeWhole(recordFile(paths, name), JSON.stringify(record))
}

/** A hash of what a process is started with. */
export function fingerprintOf(inputs: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex')
}

/** Whether the process runs, and was started with that. */
export function runsAs(paths: ProcessPaths, name: string, fingerprint: string): boolean {
  return runningProcess(paths, name)?.fingerprint === fingerprint
}

/** The process of that name, if it still runs. */
export function runningProcess(paths: ProcessPaths, name: string): ProcessRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordFile(paths, name), 'utf8')) as ProcessRecord
    return isRunning(record) ? record : undefined
  } catch {
    return undefined
  }
}

/** The names of all processes that were started and not ended by us, dead ones included. */
export function recordedProcesses(paths: ProcessPaths): string[] {
  try {
    return readdirSync(recordsOf(paths)).map((file) => file.replace(/\.json$/, ''))
  } catch {
    return []
  }
}

/**
 * Ends the daemons and nodes in the cluster's control group that are not recorded: an `up` that was killed had started them and not
 * recorded them yet. What runs within nodes belongs to them and is left alone.
 */
export async function endStrays(
  paths: ProcessPaths,
  cgroup: string,
  clock: Clock = machineClock,
): Promise<void> {
  const known = recordedProcesses(paths).map((name) => runningProcess(paths, name)?.pid)
  for (const pid of processesIn(cgroup)) {
    const identity = identify(pid)
    if (identity !== undefined && !known.includes(pid) && isOnHostOrNode(pid))
      await end(identity, 0, clock)
  }
}

/** Whether a process is one of the host's or process 1 of a node; NSpid lists its number in each namespace (proc(5)). */
function isOnHostOrNode(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const numbers = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? []
    return numbers.length === 1 || (numbers.length === 2 && numbers[1] === '1')
  } catch {
    return false
  }
}

/** Ends a process and resolves when it is gone. With `graceMs` it gets SIGTERM first and SIGKILL after that time. */
export async function endProcess(
  paths: ProcessPaths,
  name: string,
  graceMs = 0,
  clock: Clock = machineClock,
): Promise<void> {
  const identity = runningProcess(paths, name)
  if (identity !== undefined) await end(identity, graceMs, clock)
  rmSync(recordFile(paths, name), { force: true })
}

async function end(identity: ProcessIdentity, graceMs: number, clock: Clock): Promise<void> {
  let forced = graceMs === 0
  signal(identity, forced ? 'SIGKILL' : 'SIGTERM')
  for (let waited = 0; isRunning(identity); waited += 10) {
    if (!forced && waited >= graceMs) {
      forced = true
      signal(identity, 'SIGKILL')
    }
    await clock.sleep(10)
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(identity.pid, name)
  } catch {
    // It ended by itself in the meantime.
  }
}
