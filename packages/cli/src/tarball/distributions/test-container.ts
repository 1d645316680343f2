import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** A process that runs as process 1 of a container would: in namespaces of its own, as the user of the image. */
export interface Container {
  /** Of this machine. */
  id: number
  /** What it has printed, as `kubectl logs` shows it. */
  log: () => string
  /** Whether it still runs. */
  runs: () => boolean
  /** Milliseconds until it has ended after a signal; the exit code is undefined if a signal ended it. */
  end: (signal: NodeJS.Signals) => Promise<{ ms: number; code: number | undefined }>
  /** Runs a command in its network and returns what it prints. */
  inNetwork: (...command: string[]) => string
}

/** Why containers cannot be run here; empty: they can. */
export function missingForContainers(): string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'root on Linux'
  const tools = ['unshare', 'nsenter', 'chroot', 'ip', 'curl', 'java']
  const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
  if (missing.length > 0) return missing.join(', ')
  const made = spawnSync('unshare', ['--mount', '--pid', '--net', '--fork', 'true'])
  return made.status === 0 ? '' : 'namespaces'
}

const SHARED = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'usr']
const SERVICE_USER = 10001

/** What a Dockerfile of Landfall does with its base image, done with the programs of this machine in a directory. */
export function makeRoot(root: string, recipe: string, service: string): void {
  chmodSync(root, 0o755)
  for (const name of SHARED) {
    const stat = lstatSync(`/${name}`, { throwIfNoEntry: false })
    if (stat?.isSymbolicLink()) symlinkSync(readlinkSync(`/${name}`), join(root, name))
    else if (stat !== undefined) mkdirSync(join(root, name))
  }
  for (const name of ['proc', 'dev', 'sys', 'tmp', 'run', 'var/tmp', 'opt', 'root'])
    mkdirSync(join(root, name), { recursive: true })
  for (const name of ['tmp', 'var/tmp']) chmodSync(join(root, name), 0o1777)
  symlinkSync('../run', join(root, 'var/run'))
  cpSync('/etc', join(root, 'etc'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !/^\/etc\/(ssl\/private|shadow|gshadow|sudoers)/.test(path),
  })
  cpSync(join(recipe, 'landfall'), join(root, 'landfall'), { recursive: true })
  const program = join(root, 'opt', service)
  for (const layer of ['large', 'small'])
    if (lstatSync(join(recipe, layer), { throwIfNoEntry: false }) !== undefined)
      cpSync(join(recipe, layer), program, { recursive: true, verbatimSymlinks: true })
  spawnSync('chown', ['-R', `${SERVICE_USER}:${SERVICE_USER}`, program])
  const passwd = join(root, 'etc/passwd')
  const own = `program:x:${SERVICE_USER}:${SERVICE_USER}::/opt/${service}:/bin/sh\n`
  writeFileSync(passwd, readFileSync(passwd, 'utf8') + own)
  const installed = spawnSync('unshare', [
    ...['--mount', '--pid', '--fork', 'sh', '-c', `${mounts(root)}exec chroot "$0" "$@"`, root],
    ...['env', '-i', PATH, `JAVA_HOME=${javaHome()}`, 'sh', '/landfall/install'],
  ])
  if (installed.status !== 0) throw new Error(installed.stderr.toString())
}

/** Runs a command of the shell in the directory of the program, as the user of the image; throws an Error with its output if it fails. */
export function runIn(root: string, service: string, command: string): void {
  const { status, stdout, stderr } = spawnSync('unshare', [
    ...['--mount', '--pid', '--fork', ...inRoot(root, '')],
    ...[...environment(service), 'sh', '-c', `cd /opt/${service}\n${command}`],
  ])
  if (status !== 0) throw new Error(`${command}: ${stdout}${stderr}`)
}

function inRoot(root: string, first: string): string[] {
  const script = `${mounts(root)}${first}exec chroot --userspec=${SERVICE_USER}:${SERVICE_USER} "$0" "$@"`
  return ['sh', '-c', script, root]
}

function environment(service: string): string[] {
  return ['env', '-i', PATH, `JAVA_HOME=${javaHome()}`, `HOME=/opt/${service}`]
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function javaHome(): string {
  const java = spawnSync('sh', ['-c', 'readlink -f "$(command -v java)"']).stdout.toString().trim()
  return java.replace(/\/bin\/java$/, '')
}

function mounts(root: string): string {
  const binds = SHARED.flatMap((name) =>
    lstatSync(join(root, name), { throwIfNoEntry: false })?.isDirectory()
      ? [`mount --rbind /${name} ${root}/${name}`]
      : [],
  )
  return [
    'set -e',
    ...binds,
    `mount -t proc proc ${root}/proc`,
    `mount --rbind /dev ${root}/dev`,
    `mount --rbind /sys ${root}/sys`,
    '',
  ].join('\n')
}

/** Starts the entrypoint of the image; what earlier starts left in `root` is still there, as on a volume. */
export async function startContainer(
  root: string,
  service: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Container> {
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--pid', '--net', '--fork', '--kill-child'],
      ...inRoot(root, 'ip link set lo up\n'),
      ...environment(service),
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      ...['sh', '-c', `cd /opt/${service} && exec /bin/sh /landfall/start`],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      log += text
    })
  const ended = new Promise<number | undefined>((resolve) => {
    child.on('exit', (code) => resolve(code ?? undefined))
  })
  const id = await firstProcess(child, () => log)
  return {
    id,
    log: () => log,
    runs: () => child.exitCode === null && child.signalCode === null,
    async end(signal) {
      const begun = performance.now()
      process.kill(id, signal)
      const code = await ended
      return { ms: performance.now() - begun, code }
    },
    inNetwork: (...command) =>
      spawnSync('nsenter', ['--target', String(id), '--net', ...command]).stdout.toString(),
  }
}

/** The process that has the number 1 in its namespace. */
async function firstProcess(child: ChildProcess, log: () => string): Promise<number> {
  const { pid } = child
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it has not started: ${log()}`)
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    if (first !== undefined && first !== '') return Number(first)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
