import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultOptions, unpackDebianPackages } from '@landfall/local-cluster'
import { eventually } from './eventually.ts'

/** A RabbitMQ that a test has for itself. */
export interface RabbitMq {
  host: '127.0.0.1'
  port: number
  username: 'guest'
  password: 'guest'
  /** Kills it; its directory goes with it. */
  close(): Promise<void>
}

/** Erlang's applications that RabbitMQ uses, each a package of its own. */
const PACKAGES = [
  'rabbitmq-server',
  ...['asn1', 'base', 'crypto', 'eldap', 'ftp', 'inets', 'mnesia', 'os-mon', 'parsetools'].map(
    (name) => `erlang-${name}`,
  ),
  ...['public-key', 'runtime-tools', 'snmp', 'ssl', 'syntax-tools', 'tftp', 'tools', 'xmerl'].map(
    (name) => `erlang-${name}`,
  ),
]

const START_MS = 120_000

/** Whether RabbitMQ can be had here: from Debian packages, which are unpacked and not installed. */
export function canRunRabbitMq(): boolean {
  return existsSync('/usr/bin/apt-get')
}

/** Starts RabbitMQ on free ports of 127.0.0.1, with a temporary directory for all that it writes. */
export async function startRabbitMq(): Promise<RabbitMq> {
  const { cacheDirectory } = defaultOptions(process.env)
  const root = await unpackDebianPackages(PACKAGES, cacheDirectory, () => {}, {
    closure: 'libraries',
  })
  const directory = mkdtempSync(join(tmpdir(), 'landfall-rabbitmq-'))
  const [port = 0, distribution = 0, names = 0] = await freePorts(3)
  const erlang = join(root, 'usr/lib/erlang')
  const runtime = join(erlang, onlyIn(erlang, 'erts-'), 'bin')
  const servers = join(root, 'usr/lib/rabbitmq/lib')
  const program = join(servers, onlyIn(servers, 'rabbitmq_server-'), 'sbin/rabbitmq-server')
  const libraries = join(root, 'usr/lib')
  const write = (name: string, text: string, mode = 0o644): string => {
    writeFileSync(join(directory, name), text, { mode })
    return join(directory, name)
  }
  // the one of the package has the directory of an installed Erlang in it
  write(
    'erl',
    `#!/bin/sh\nexport ROOTDIR=${erlang} BINDIR=${runtime} EMU=beam PROGNAME=erl\nexec ${runtime}/erlexec "$@"\n`,
    0o755,
  )
  const env = {
    ...process.env,
    PATH: `${directory}:${process.env.PATH}`,
    LD_LIBRARY_PATH: [
      ...readdirSync(libraries)
        .filter((name) => name.endsWith('-linux-gnu'))
        .map((name) => join(libraries, name)),
      ...readdirSync(join(root, 'lib'))
        .filter((name) => name.endsWith('-linux-gnu'))
        .map((name) => join(root, 'lib', name)),
    ].join(':'),
    HOME: directory,
    ERL_EPMD_PORT: String(names),
    RABBITMQ_NODENAME: `test-${randomBytes(4).toString('hex')}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(directory, 'mnesia'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONF_ENV_FILE: join(directory, 'none'),
    RABBITMQ_CONFIG_FILE: write('rabbitmq.conf', 'log.console.level = error\n'),
    RABBITMQ_ENABLED_PLUGINS_FILE: write('plugins', '[].\n'),
    // idle schedulers of Erlang would spin
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
  }
  let output = ''
  const started: ChildProcess[] = []
  const start = (command: string, args: string[]): ChildProcess => {
    const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        output = (output + bytes.toString()).slice(-4_000)
      })
    child.on('error', (error) => {
      output += error.message
    })
    started.push(child)
    return child
  }
  const close = async (): Promise<void> => {
    for (const child of started)
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        await new Promise<void>((resolve) => {
          child.once('exit', () => resolve())
          process.kill(-(child.pid as number), 'SIGKILL')
        })
    rmSync(directory, { recursive: true, force: true })
  }
  // also when a test is over before it has closed it
  process.once('exit', () => {
    for (const { pid, exitCode, signalCode } of started) {
      if (pid === undefined || exitCode !== null || signalCode !== null) continue
      try {
        process.kill(-pid, 'SIGKILL')
      } catch {
        // it ended a moment ago
      }
    }
  })
  start(join(runtime, 'epmd'), ['-address', '127.0.0.1'])
  const server = start(program, [])
  try {
    await eventually(
      START_MS,
      async () => {
        if (server.exitCode === null) await greet(port)
      },
      200,
    )
    if (server.exitCode !== null) throw new Error('it has ended')
  } catch (error) {
    await close()
    throw new Error(`RabbitMQ does not start: ${(error as Error).message}\n${output}`)
  }
  return { host: '127.0.0.1', port, username: 'guest', password: 'guest', close }
}

function onlyIn(directory: string, prefix: string): string {
  const found = readdirSync(directory).find((name) => name.startsWith(prefix))
  if (found === undefined) throw new Error(`${directory} has no ${prefix}*`)
  return found
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address !== null ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** A broker answers the header of the protocol with a frame; throws if it does not. */
function greet(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () =>
      socket.write(Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')),
    )
    const end = (error?: Error): void => {
      socket.destroy()
      if (error === undefined) resolve()
      else reject(error)
    }
    socket.once('data', () => end())
    socket.once('error', end)
    socket.setTimeout(5_000, () => end(new Error(`port ${port} does not answer`)))
  })
}
