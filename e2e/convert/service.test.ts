import {
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'

// What a service says about how it runs, asked from inside of it.

const namespace = testNamespace('e2e-service')

beforeAll(async () => {
  await landfallOnCluster(namespace, 'up', [`${repository}e2e/convert/service`])
})

/** What a script prints in a container of the pod of a service, without the last line break. */
async function inside(service: string, script: string, container = service): Promise<string> {
  keepOnFailure(namespace)
  const command = ['exec', `deployment/${service}`, '-c', container, '--', 'sh', '-c', script]
  return (await namespace.kubectl(command)).replace(/\n$/, '')
}

/** A line of /proc/1/status of the program. */
const ofProgram = (key: string) =>
  `for p in /proc/[0-9]*; do case $(cat $p/comm) in httpd) grep ^${key}: $p/status; break;; esac; done`

test('the program has the user, the groups, the directory and the terminal that it was given', async () => {
  expect(await inside('program', 'cat /tmp/began')).toMatch(/^\/dev\/(pts\/\d+|console) \/data$/)
  expect(await inside('program', 'id -u; id -g; id -G')).toMatch(/^1000\n1001\n1001 2000$/)
  expect(await inside('program', 'pwd')).toBe('/data')
})

test('its root is read-only, its scratch directories are in memory with their size and mode', async () => {
  expect(await inside('program', 'touch /x 2>&1 || true')).toContain('Read-only file system')
  expect(await inside('program', 'touch /data/x && stat -c %a /data')).toBe('1777')
  const mounts = await inside('program', 'cat /proc/mounts')
  expect(mounts).toMatch(/^tmpfs \/data tmpfs .*size=4096k/m)
  expect(mounts).toMatch(/^tmpfs \/dev\/shm tmpfs .*size=98304k/m)
})

test('it has no capability and gains none; it listens on port 80 and may ping, as under Docker', async () => {
  expect(await inside('program', ofProgram('CapEff'))).toMatch(/\s0{16}$/)
  expect(await inside('program', ofProgram('NoNewPrivs'))).toMatch(/\s1$/)
  // Debian's busybox has no ping without root; other programs may then
  expect(await inside('program', 'cat /proc/sys/net/ipv4/ping_group_range')).toMatch(
    /^0\s+2147483647$/,
  )
})

test('its kernel settings and its memory are its own', async () => {
  expect(await inside('program', 'cat /proc/sys/net/ipv4/ip_local_port_range')).toMatch(
    /^20000\s+30000$/,
  )
  const limit =
    'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || true'
  expect(await inside('program', limit)).toContain(`${64 * 1024 * 1024}`)
})

test('names are looked up as it was told', async () => {
  expect(await inside('program', 'hostname')).toBe('box')
  const resolver = await inside('program', 'cat /etc/resolv.conf')
  expect(resolver).toMatch(/^search .*\blab\.test$/m)
  expect(resolver).toMatch(/^options .*\bndots:3$/m)
  expect(await inside('program', 'cat /etc/hosts')).toMatch(/^10\.9\.8\.7\s+legacy$/m)
})

test('dollars are for the program, and its hook ran', async () => {
  expect(await inside('program', 'echo "$MONEY"; cat /tmp/hook')).toBe(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what the program sees
    '$5 $(PORT) ${PORT}\nhooked',
  )
})

test('one that shares the network of another reaches it at localhost, and is reached at its name', async () => {
  expect(await inside('program', 'cat /proc/net/tcp*', 'beside')).toContain(':0050 ')
  expect(await inside('program', 'ps', 'beside')).toMatch(/httpd -f -p 80\s[\s\S]*httpd -f -p 8081/)
  expect(await inside('reader', 'wget -q -O - http://program/began')).toContain('/data')
  const project = `${repository}e2e/convert/service`
  const logs = await landfallOnCluster(namespace, 'logs', [project, 'beside'])
  expect(logs.stdout).toContain('beside is up')
})

test('a program is stopped with its own signal', async () => {
  await eventually(300_000, async () => expect(await inside('reader', 'cat /notes/up')).toBe('up'))
  await namespace.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=signalled'])
  expect(await inside('reader', 'cat /notes/told')).toBe('told')
})

test('one that is everywhere has a pod on each node', async () => {
  const pods: Json[] = await namespace.list('pods', 'app.kubernetes.io/name=everywhere')
  expect(pods.map(({ spec }) => spec.nodeName).sort()).toEqual(
    sharedCluster()
      .nodes.map(({ name }) => name)
      .sort(),
  )
})
