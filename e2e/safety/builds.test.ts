import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImage, defaultOptions } from '@landfall/local-cluster'
import { sharedCluster } from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

// What a RUN step of a project's Dockerfile may reach of the machine that builds it: decision 0016.

const cluster = sharedCluster()
const options = { ...defaultOptions(process.env), name: cluster.name }
const gateway = cluster.registry.replace(/:\d+$/, '')
const context = mkdtempSync(join(tmpdir(), 'landfall-hostile-build-'))
const servers: Server[] = []
const npmRegistry = process.env.npm_config_registry

async function serverOn(address: string): Promise<string> {
  const server = createServer((socket) => {
    // The other side only looks whether it can connect.
    socket.on('error', () => {})
    socket.end('hello\n')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  return `${address}/${(server.address() as AddressInfo).port}`
}

/** Builds with a RUN step and resolves with what the step printed: it ends with an exit code, which makes the builder show that. */
async function printedBy(script: string): Promise<readonly string[]> {
  writeFileSync(join(context, 'step.sh'), `${script}\nexit 7\n`)
  writeFileSync(
    join(context, 'Dockerfile'),
    'FROM debian:12\nCOPY step.sh /\nRUN bash /step.sh 2>&1\n',
  )
  const build = { service: 'hostile', image: 'hostile:1', context, args: {} }
  const outcome = await buildImage(cluster, options, build, () => {})
  if (outcome.ok) throw new Error('the step did not run')
  expect(outcome.message).toContain('exit status 7')
  return outcome.output
}

afterAll(() => {
  for (const server of servers) server.close()
  rmSync(context, { recursive: true })
  if (npmRegistry === undefined) delete process.env.npm_config_registry
  else process.env.npm_config_registry = npmRegistry
})

test('a step has no device of the machine, and cannot make one', async () => {
  const output = await printedBy(`
echo "devices: $(find /dev -type b) $(ls -d /dev/loop* /dev/kvm /dev/mem /dev/net/tun /dev/fuse 2>/dev/null)"
mknod /tmp/disk b 7 0 && echo made
mount -t tmpfs none /mnt && echo mounted
echo "rights: $(sed -n 's/^CapEff:.//p;s/^Seccomp:.//p' /proc/self/status | tr '\\n' ' ')"`)
  expect(output).toContain('devices:')
  expect(output).not.toContain('made')
  expect(output).not.toContain('mounted')
  // Docker's capabilities without CAP_MKNOD (bit 27), and a filter for system calls.
  expect(output).toContain('rights: 00000000a00425fb 2')
})

test('a step reaches a configured mirror and the registries, but no other server of the machine or of the cluster', async () => {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal && !one.address.startsWith('10.21'))
  const mirror = await serverOn('127.0.0.1')
  process.env.npm_config_registry = `http://${mirror.replace('/', ':')}/`
  const closed = [
    await serverOn('127.0.0.1'),
    ...(own === undefined ? [] : [await serverOn(own.address)]),
    `${gateway}/22443`,
    `${gateway}/22379`,
    `127.213.${gateway.split('.')[2]}.1/22379`,
    `${cluster.nodes[0]?.address}/10250`,
    '169.254.169.254/80',
  ]
  const open = [mirror, cluster.registry.replace(':', '/')]
  const output = await printedBy(
    [...closed, ...open]
      .map(
        (at) =>
          `timeout 5 bash -c '</dev/tcp/${at}' 2>/dev/null && echo 'open ${at}' || echo 'closed ${at}'`,
      )
      .join('\n'),
  )
  expect(output).toEqual([...closed.map((at) => `closed ${at}`), ...open.map((at) => `open ${at}`)])
})

test('nothing of these builds is left on the machine', () => {
  const owners = readdirSync('/sys/class/net')
    .filter((name) => name.startsWith('landfallb'))
    .map((name) => readFileSync(`/sys/class/net/${name}/ifalias`, 'utf8'))
  expect(owners.filter((owner) => owner.includes(`"pid":${process.pid},`))).toEqual([])
})
