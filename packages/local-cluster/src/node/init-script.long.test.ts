import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { initScript, type NodeProgram } from './init-script.ts'

const namespaces = ['--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--kill-child']
/** Root of a container has not always the right to mount. */
const mayMount =
  spawnSync('unshare', [...namespaces, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0 &&
  spawnSync('ip', ['-V']).status === 0

describe.runIf(mayMount)('a node', () => {
  let directory: string
  let node: ChildProcess
  const at = (...names: string[]) => join(directory, ...names)
  const read = (...names: string[]) =>
    existsSync(at(...names)) ? readFileSync(at(...names), 'utf8') : ''
  const patience = { timeout: 100_000, interval: 50 }

  beforeEach(() => {
    // Below /tmp, which the node has of its own, and with a name that the shell would read otherwise.
    directory = mkdtempSync(join(tmpdir(), "landfall $node's-"))
    mkdirSync(at('kept'))
    writeFileSync(at('resolv.conf'), 'nameserver 192.0.2.1\n')
  })
  afterEach(() => {
    node.kill('SIGKILL')
    rmSync(directory, { recursive: true })
  })

  const program = (name: string, script: string, more: Partial<NodeProgram> = {}): NodeProgram => ({
    ...{ name, waitFor: [], command: ['bash', '-c', script] },
    log: at('kept', `${name}.log`),
    ...more,
  })

  /** Starts a node with these programs; `connect` gives it its network. */
  function start(...programs: NodeProgram[]): { connect: () => void } {
    const script = initScript({
      name: 'node-7',
      disk: at('disk'),
      keep: [directory, '/opt'],
      resolvConf: at('resolv.conf'),
      sysctls: { 'net/ipv4/ip_forward': '1' },
      network: ['link set lo up'],
      firewall: '',
      env: { GREETING: "it's $HOME", KEPT: at('kept') },
      programs,
    })
    writeFileSync(at('init.sh'), script)
    node = spawn('unshare', [...namespaces, 'bash', '--norc', at('init.sh')], { stdio: 'pipe' })
    let output = ''
    for (const stream of [node.stdout, node.stderr])
      stream?.on('data', (chunk) => {
        output += chunk
        writeFileSync(at('init.log'), output)
      })
    return { connect: () => node.stdin?.write('connected\n') }
  }

  test('has its own directories, host name, network settings and name servers, and the host does not see its mounts', async () => {
    const before = readFileSync('/proc/self/mounts', 'utf8')
    const show = [
      'hostname=$(cat /proc/sys/kernel/hostname)',
      'echo $hostname $(cat /proc/sys/net/ipv4/ip_forward) $(cat /etc/resolv.conf) "$GREETING"',
      'echo $(stat -c %a /tmp) $(stat -f -c %T /run) $(ls /tmp | wc -l) $(cat /proc/1/comm)',
      'echo $(grep -c -v " shared:" /proc/self/mountinfo)',
      'touch /var/own "$KEPT/seen"; exec sleep 1000',
    ].join('\n')
    const { connect } = start(program('shows', show))
    expect(existsSync(at('disk'))).toBe(false)
    connect()
    await vi.waitUntil(() => existsSync(at('kept/seen')), patience)
    expect(read('kept/shows.log')).toBe(
      "node-7 1 nameserver 192.0.2.1 it's $HOME\n1777 tmpfs 1 bash\n0\n",
    )
    expect(existsSync(at('disk/var/own'))).toBe(true)
    expect(readFileSync('/proc/self/mounts', 'utf8')).toBe(before)
  })

  test('starts programs in their order, again after their end, and collects orphans', async () => {
    const orphan =
      '(sleep 0.1 & echo $! >"$KEPT/orphan"); while [ -e /proc/$(cat "$KEPT/orphan") ]; do sleep 0.1; done'
    const waits = `unix:${at('kept/socket')}`
    const { connect } = start(
      program('seed', '[ -e "$KEPT/tried" ] || { touch "$KEPT/tried"; exit 4; }; echo seeded', {
        once: true,
      }),
      program('server', `${orphan}; echo run; exec sleep 1000`),
      program(
        'client',
        'echo run >>"$KEPT/client"; until [ -e "$KEPT/stop" ]; do sleep 0.1; done; rm "$KEPT/stop"; kill -9 $$',
        { waitFor: [waits] },
      ),
    )
    connect()
    await vi.waitUntil(() => read('kept/server.log') === 'run\n', patience)
    expect(read('kept/seed.log')).toBe('seeded\n')
    expect(existsSync(at('kept/client'))).toBe(false)
    spawnSync(process.execPath, [
      ...[
        '-e',
        `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 9))`,
      ],
      at('kept/socket'),
    ])
    await vi.waitUntil(() => read('kept/client') !== '', patience)
    writeFileSync(at('kept/stop'), '')
    await vi.waitUntil(() => read('kept/client') === 'run\nrun\n', patience)
    const lines = read('init.log').trimEnd().split('\n')
    expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /, 'TIME '))).toEqual(
      ['TIME seed ended and is started again: 4', 'TIME client ended and is started again: 137'],
    )
  })

  test('ends with the process that starts it, if that ends before the network is there', async () => {
    start(program('never', 'touch "$KEPT/started"'))
    const ended = new Promise((resolve) => node.on('exit', resolve))
    node.stdin?.end()
    expect(await ended).toBe(1)
    await vi.waitUntil(() => read('init.log').includes('was not connected'), patience)
    expect(existsSync(at('disk'))).toBe(false)
  })

  test('ends as a whole when one of its loops is killed', async () => {
    const { connect } = start(
      program('one', 'echo $PPID >"$KEPT/loop"; exec sleep 1000'),
      program('two', 'kill -9 $(cat "$KEPT/loop"); exec sleep 1000', {
        waitFor: [`unix:${at('kept/go')}`],
      }),
    )
    connect()
    const ended = new Promise((resolve) => node.on('exit', resolve))
    await vi.waitUntil(() => read('kept/loop') !== '', patience)
    spawnSync(process.execPath, [
      ...[
        '-e',
        `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 9))`,
      ],
      at('kept/go'),
    ])
    expect(await ended).not.toBeNull()
    expect(read('init.log')).toContain('the node stops')
  })
})
