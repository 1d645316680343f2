import { createHash, randomBytes } from 'node:crypto'
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  allReady,
  eventually,
  keepOnFailure,
  landfallOnCluster,
  repository,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

const namespace = testNamespace('e2e-meaning-files')
const project = await mkdtemp(`${tmpdir()}/landfall-files-`)
const large = randomBytes(600_000)

beforeAll(async () => {
  await cp(`${repository}e2e/convert/project-files`, project, { recursive: true })
  await mkdir(`${project}/many/deep/empty`, { recursive: true, mode: 0o700 })
  await writeFile(`${project}/many/deep/ünï ☃.txt`, 'snow\n')
  await writeFile(`${project}/many/..hidden`, 'two dots\n', { mode: 0o600 })
  await writeFile(`${project}/many/${'long'.repeat(40)}.sh`, '#!/bin/sh\necho ran\n', {
    mode: 0o755,
  })
  await writeFile(`${project}/many/large.bin`, large)
  const [address, port] = (
    await namespace.kubectl([
      ...['get', 'endpointslices', 'kubernetes', '-n', 'default', '-o'],
      'jsonpath={.endpoints[0].addresses[0]} {.ports[0].port}',
    ])
  ).split(' ')
  await appendFile(
    `${project}/landfall.yaml`,
    `external:
  api_outside: { address: ${address}, ports: ["443:${port}"] }
  mail: { host: first.${namespace.name}.svc.cluster.local }
`,
  )
  for (let number = 0; number < 300; number++)
    await writeFile(`${project}/many/deep/${number}.txt`, `${number}\n`)
})
afterAll(() => rm(project, { recursive: true }))

/** What a command prints inside the container of a service, without the last line break. */
async function inside(service: string, ...command: string[]): Promise<string> {
  keepOnFailure(namespace)
  const args = ['exec', `deployment/${service}`, '-c', service, '--', ...command]
  return (await namespace.kubectl(args)).replace(/\n$/, '')
}

test('up asks the cluster for what the project leaves to it, and says how to make it', async () => {
  const { stdout, stderr } = await landfallOnCluster(
    namespace,
    'up',
    [project, '--environment', 'test'],
    1,
  )
  expect(stdout + stderr).toContain('kubectl create secret generic given')
  expect((await namespace.tryKubectl(['get', 'deployments', '-o', 'name'])).stdout).toBe('')
})

test('with it the project starts', async () => {
  await namespace.tryKubectl(['create', 'namespace', namespace.name])
  await namespace.kubectl(['create', 'secret', 'generic', 'given', '--from-literal=given=by hand'])
  await landfallOnCluster(namespace, 'up', [project, '--environment', 'test'])
  await eventually(300_000, () => allReady(namespace), 1000)
  expect(await inside('reader', 'cat', '/run/secrets/given')).toBe('by hand')
  expect(await inside('writer', 'sh', '-c', 'echo $FROM_CLUSTER')).toBe('by hand')
})

test('what is not read-only can be written and owned, and all who mount it see it', async () => {
  expect(await inside('writer', 'cat', '/etc/writer.conf')).toBe('level = 1\nwritten')
  expect(await inside('writer', 'stat', '-c', '%u', '/etc/writer.conf')).toBe('7')
  expect(await inside('writer', 'ls', '-A', '/desk')).toBe('made\nmemory\nmine\nwriter.conf')
  expect(await inside('nobody', 'ls', '-A', '/desk')).toBe('made\nmemory\nmine\nwriter.conf')
  expect(await inside('nobody', 'stat', '-c', '%u:%g', '/desk', '/desk/mine')).toBe(
    '1000:1001\n1000:1001',
  )
})

test('a directory of data is a volume that begins with the files of the project', async () => {
  expect(await inside('writer', 'ls', '-A', '/var/data')).toBe('first.txt')
  await inside('writer', 'sh', '-c', 'echo more >> /var/data/first.txt')
  await namespace.kubectl(['rollout', 'restart', 'deployment/writer'])
  await namespace.kubectl(['rollout', 'status', 'deployment/writer', '--timeout=120s'])
  expect(await inside('writer', 'cat', '/var/data/first.txt')).toBe('first\nmore')
})

test('directories in memory have their mode and owner, configs theirs', async () => {
  expect(await inside('writer', 'stat', '-c', '%a', '/desk/memory')).toBe('750')
  expect(await inside('writer', 'stat', '-c', '%u %a', '/private')).toBe('7 700')
  expect(await inside('writer', 'stat', '-c', '%u:%g %a', '/motd')).toBe('7:8 440')
  expect(await inside('writer', 'cat', '/motd')).toBe('welcome')
})

test('a tree that no ConfigMap holds has every file, name, mode and empty directory', async () => {
  const count = await inside('reader', 'sh', '-c', 'find /many -type f | wc -l')
  expect(count.trim()).toBe('304')
  expect(await inside('reader', 'cat', '/many/deep/ünï ☃.txt')).toBe('snow')
  expect(await inside('reader', 'stat', '-c', '%a', '/many/..hidden')).toBe('600')
  expect(await inside('reader', `/many/${'long'.repeat(40)}.sh`)).toBe('ran')
  expect(await inside('reader', 'stat', '-c', '%F %a', '/many/deep/empty')).toBe('directory 700')
  expect(await inside('reader', 'sha256sum', '/many/large.bin')).toContain(
    createHash('sha256').update(large).digest('hex'),
  )
  expect(await inside('reader', 'sh', '-c', 'touch /many/x 2>/dev/null || echo refused')).toBe(
    'refused',
  )
})

test('mounts lie inside of a read-only tree, and nothing else is beside its files', async () => {
  expect(await inside('reader', 'sh', '-c', 'cd /conf && find . | sort')).toBe(
    '.\n./app.json\n./inner\n./inner/app.ini\n./inner/state\n./inner/writer.conf\n./kept.txt',
  )
  expect(await inside('reader', 'cat', '/conf/inner/writer.conf')).toContain('level = 1\nwritten')
  expect(await inside('reader', 'sh', '-c', 'touch /conf/inner/state/x && echo writes')).toBe(
    'writes',
  )
})

test('values are set in files, for all and for the environment', async () => {
  expect(await inside('reader', 'cat', '/conf/app.json')).toBe('{ "host": "elsewhere", "port": 2 }')
  expect(await inside('reader', 'cat', '/conf/inner/app.ini')).toBe(
    '[server]\nhost = tested ; kept',
  )
})

test('secret variables are what Compose gives, and stand in no pod template', async () => {
  expect(await inside('writer', 'sh', '-c', 'echo "$DB_PASSWORD|$CALL"')).toBe(
    'hop$hop $(HOME)|http://writer:hop@legacy:8080',
  )
  expect(await namespace.kubectl(['get', 'deployments', '-o', 'yaml'])).not.toContain('hop')
})

test('a name that two services have resolves to both', async () => {
  const answers = await inside(
    'writer',
    'sh',
    '-c',
    'for i in $(seq 40); do wget -q -O - http://both:8080/index.html; done | sort -u',
  )
  expect(answers).toBe('first\nsecond')
})

test('services outside of the project answer to their names, on another port and under another name', async () => {
  expect(await inside('writer', 'sh', '-c', 'wget -q -O - $OUTSIDE 2>&1; true')).toContain('400')
  expect(await inside('writer', 'wget', '-q', '-O', '-', 'http://mail:8080/index.html')).toBe(
    'first',
  )
})
