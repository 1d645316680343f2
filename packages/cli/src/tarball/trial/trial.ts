import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Inspection, Scan } from '@landfall/containerize'
import { UsageError } from '../../errors.ts'
import { extract } from '../extract.ts'
import { type Listened, listeningSockets } from './sockets.ts'
import { READING, trialScript } from './trial-script.ts'

/** What a trial run has shown. */
export interface Trial {
  /** Sockets that accepted connections at its end. */
  listened: readonly Listened[]
  /** Whether it had ended, or had nothing more to do, before the time was over; if not, it may listen on further ones. */
  settled: boolean
  /** The last lines that the program printed. */
  output: readonly string[]
}

/** Seconds that a program has to listen; it ends earlier when it has had nothing to do for ten, and no port has changed. */
const SECONDS = 120

/** The user as which the program runs, if Landfall runs as root. */
const USER = '10001'

/** Lines and characters of the output that are kept. */
const LINES = 12
const MOST = 64 * 1024

const ISOLATED = ['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child']

/**
 * Starts the program of a tarball on this machine, in namespaces of its own, and reads on which ports it listens; it and all that it has
 * started is ended then. Throws UsageError where the kernel has no namespaces for this user, or a program is missing.
 */
export async function trialRun(
  archive: string,
  scan: Scan,
  inspection: Inspection,
  seconds: number = SECONDS,
): Promise<Trial> {
  const { product, scripts, java: needed, preparation } = inspection
  const start = preparation?.start ?? scripts[0]?.path
  if (start === undefined) throw refused('it has no start script with a usual name')
  const isRoot = process.getuid?.() === 0
  const unshare = [...(isRoot ? [] : ['--user', '--map-root-user']), ...ISOLATED]
  requireNamespaces(unshare)
  const java = needed === undefined ? '' : javaDirectory()
  const work = mkdtempSync(join(tmpdir(), 'landfall-trial-'))
  try {
    const files = join(work, 'files')
    mkdirSync(files)
    await extract(archive, scan, files)
    const prepare = (preparation?.prepare ?? []).map((one) => `{ ${one}; }`).join(' && ')
    const words = [files, product.name, java, String(seconds), prepare, `./${start}`]
    return await runIsolated(unshare, [...words, isRoot ? USER : ''], seconds)
  } finally {
    spawnSync('chmod', ['-R', 'u+rwx', work])
    rmSync(work, { recursive: true, force: true })
  }
}

function refused(why: string, hint?: string): UsageError {
  return new UsageError(`the tarball is not started for a trial: ${why}`, hint)
}

function requireNamespaces(unshare: readonly string[]): void {
  const hint = 'without --trial, ports are taken from files of settings'
  if (process.platform !== 'linux')
    throw refused('it runs in namespaces of its own, which only Linux has', hint)
  const { status, stderr, error } = spawnSync('unshare', [...unshare, 'true'], { encoding: 'utf8' })
  if (error !== undefined) throw refused('the program unshare (util-linux) is missing', hint)
  if (status !== 0)
    throw refused(
      `this machine has no namespaces for it: ${stderr.trim().split('\n').at(-1)}`,
      hint,
    )
}

/** The directory of the Java of this machine. Throws UsageError if there is none. */
function javaDirectory(): string {
  const { stdout } = spawnSync('sh', ['-c', 'command -v java'], { encoding: 'utf8' })
  if (stdout.trim() === '')
    throw refused('its program needs Java, which is not on this machine', 'install Java')
  return realpathSync(stdout.trim()).replace(/\/bin\/java$/, '')
}

async function runIsolated(
  unshare: readonly string[],
  words: readonly string[],
  seconds: number,
): Promise<Trial> {
  const child = spawn('unshare', [...unshare, 'sh', '-c', trialScript, 'trial', ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  let [output, readings] = ['', '']
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => {
      output = (output + text.toString('utf8')).slice(-MOST)
    })
  child.stdio[3]?.on('data', (text: Buffer) => {
    readings = (readings + text.toString('utf8')).slice(-4 * MOST)
  })
  // The commands of prepare have no limit of their own; the namespaces, and all in them, end with unshare.
  const limit = setTimeout(() => child.kill('SIGKILL'), (seconds * 2 + 10) * 1000)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearTimeout(limit)
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LINES)
  const last = readings.split(READING).at(-1) ?? ''
  if (readings === '') throw refused(lines.at(-1) ?? 'it took too long', undefined)
  return { listened: listeningSockets(last), settled: code === 0, output: lines }
}
