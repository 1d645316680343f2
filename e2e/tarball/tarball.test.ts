import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  addressIn,
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// A release tarball whose start script behaves as Otter's: background, pid file, an identity in conf/nid without which it exits with
// code 0, options that nothing overrides, a test of what `file java` prints, output into a file. Its program is Java's own web server.

const namespace = testNamespace('e2e-tarball')
const project = await mkdtemp(`${tmpdir()}/landfall-tarball-`)
afterAll(() => rm(project, { recursive: true, force: true }))

const STARTUP = `#!/bin/bash
cd \`dirname $0\`/..
if [ ! -s conf/nid ]; then
  echo "ERROR: conf/nid is empty, please set nid"
  exit 0
fi
if [ -f bin/node.pid ]; then
  echo "found bin/node.pid, please stop the node first" >&2
  exit 1
fi
JAVA=$(which java)
if file -L $JAVA | grep -q 64-bit; then JAVA_OPTS="-server -Xms256m -Xmx3072m"; else JAVA_OPTS="-Xmx1024m -Dsmall=true"; fi
export NID=$(cat conf/nid)
mkdir -p logs
$JAVA $JAVA_OPTS -Dnid=$NID -m jdk.httpserver -b 0.0.0.0 -p 8080 -d $PWD/conf 1>>logs/node.log 2>&1 &
echo $! > bin/node.pid
`

/** As large as releases are, and not to be compressed. */
const LIBRARIES = randomBytes(40 * 1024 ** 2)

async function writeTarball(nid: string): Promise<void> {
  const tree = `${project}/tree/node-4.2.18`
  for (const directory of ['bin', 'conf', 'lib'])
    await mkdir(`${tree}/${directory}`, { recursive: true })
  await writeFile(`${tree}/bin/startup.sh`, STARTUP, { mode: 0o755 })
  await writeFile(`${tree}/conf/nid`, nid)
  await writeFile(`${tree}/lib/all.jar`, LIBRARIES)
  await writeFile(`${tree}/conf/node.properties`, 'manager = 127.0.0.1:1099\n')
  const made = spawnSync('tar', ['-czf', `${project}/node-4.2.18.tar.gz`, 'node-4.2.18'], {
    cwd: `${project}/tree`,
  })
  expect(made.status).toBe(0)
}

async function writeSettings(manager = 'manager:1099'): Promise<void> {
  await writeFile(
    `${project}/landfall.yaml`,
    `services:
  node:
    tarball: ./node-4.2.18.tar.gz
    java: 21
    prepare: ['java -version 2>conf/java', 'echo "$(id -u) in $PWD" >conf/prepared']
    jvm: -Dgreeting="a b"
    ports: [8080]
    ready: { http: "http://localhost:8080/nid" }
    resources: { memory: 512Mi }
    files: { conf/node.properties: { set: { /manager: "${manager}" } } }
`,
  )
}

let printed: { stdout: string; stderr: string }

beforeAll(async () => {
  await writeTarball('7\n')
  await writeSettings()
  printed = await landfallOnCluster(namespace, 'up', [project])
})

async function page(path: string): Promise<string> {
  const response = await fetch(`${addressIn(printed.stdout)}/${path}`)
  expect(response.status).toBe(200)
  return response.text()
}

async function pod(): Promise<Json> {
  const pods = await namespace.list('pods', 'app.kubernetes.io/name=node')
  return pods.find(({ metadata }) => metadata.deletionTimestamp === undefined)
}

test('the program answers on its published port, with the file that landfall.yaml edits', async () => {
  keepOnFailure(namespace)
  expect(await page('nid')).toBe('7\n')
  expect(await page('node.properties')).toBe('manager = manager:1099\n')
})

test('what the commands of prepare have made is in the image: by Java, as the user of the program, in its directory', async () => {
  keepOnFailure(namespace)
  expect(await page('prepared')).toBe('10001 in /opt/node\n')
  expect(await page('java')).toMatch(/version "21/)
})

test('Java is process 1, with the options of the script and of the user, and a heap that fits', async () => {
  keepOnFailure(namespace)
  const command = ['exec', 'deployment/node', '--', 'sh', '-c']
  const line = await namespace.kubectl([...command, "tr '\\0' '\\n' </proc/1/cmdline"])
  const [java, ...options] = line.trim().split('\n')
  expect(java).toMatch(/\/bin\/java$/)
  expect(options.slice(0, 7)).toEqual([
    '-server',
    '-Xms256m',
    '-Xmx3072m',
    '-Dnid=7',
    '-Dgreeting=a b',
    '-Xmx256m',
    '-m',
  ])
  const variables = await namespace.kubectl([...command, "tr '\\0' '\\n' </proc/1/environ"])
  expect(variables.split('\n')).toContain('NID=7')
  expect(variables).not.toMatch(/LANDFALL_CAPTURE|\/landfall\/home/)
  const id = await namespace.kubectl([...command, 'id -u; ls bin'])
  expect(id.split('\n')).toEqual(['10001', 'startup.sh', ''])
})

test('what the program writes is in the log of its container, although the script redirects it', async () => {
  keepOnFailure(namespace)
  await page('nid')
  await eventually(60_000, async () => {
    expect(await namespace.kubectl(['logs', 'deployment/node'])).toContain('GET /nid')
  })
})

test('it ends with its signal, long before it would be killed', async () => {
  keepOnFailure(namespace)
  const before = (await pod()).metadata.name
  const started = Date.now()
  await namespace.kubectl(['delete', 'pod', before, '--wait=true'])
  // 15 seconds are the grace period, 5 of them are the pause before the signal.
  expect(Date.now() - started).toBeLessThan(14_000)
  await namespace.kubectl(['rollout', 'status', 'deployment/node', '--timeout=180s'])
})

/** Layers of the image that a pod runs: bytes in the registry, by digest. */
async function layers(): Promise<Map<string, number>> {
  const [name = '', digest = ''] = (await pod()).spec.containers[0].image.split('@')
  const address = `http://${sharedCluster().registry}/v2/library/${name}/manifests/${digest}`
  const accept =
    'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json'
  const manifest = (await (await fetch(address, { headers: { accept } })).json()) as {
    layers: { digest: string; size: number }[]
  }
  return new Map(manifest.layers.map(({ digest: one, size }) => [one, size]))
}

test('an unchanged tarball of 40 MiB builds nothing, says so, and changes nothing', async () => {
  keepOnFailure(namespace)
  const before = (await pod()).metadata.uid
  const again = await landfallOnCluster(namespace, 'up', [project])
  expect(again.stderr).toMatch(/image \S*node \(unchanged, not built\): done\n/)
  expect(again.stderr + again.stdout).not.toMatch(/STEP|COPY/)
  expect((await pod()).metadata.uid).toBe(before)
})

test('an edit in landfall.yaml moves nothing, and one of a file in the tarball kilobytes', async () => {
  keepOnFailure(namespace)
  const first = await layers()
  expect(Math.max(...first.values())).toBeGreaterThan(LIBRARIES.length)
  await writeSettings('other:1099')
  const { stderr } = await landfallOnCluster(namespace, 'up', [project])
  expect(stderr).toMatch(/image \S*node \(unchanged, not built\): done\n/)
  expect(await page('node.properties')).toBe('manager = other:1099\n')
  expect([...(await layers()).keys()]).toEqual([...first.keys()])
  await writeTarball('8\n')
  await landfallOnCluster(namespace, 'up', [project])
  expect(await page('nid')).toBe('8\n')
  const second = await layers()
  const moved = [...second].filter(([digest]) => !first.has(digest))
  const bytes = moved.reduce((sum, [, size]) => sum + size, 0)
  process.stdout.write(`a changed file of the tarball: ${moved.length} layers, ${bytes} bytes\n`)
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThan(100_000)
})

test('a script that exits with code 0 and starts nothing is a failure with what it printed', async () => {
  keepOnFailure(namespace)
  await writeTarball('')
  const { code, stdout, stderr } = await landfallOnCluster(namespace, 'up', [project], 1)
  expect(code).toBe(1)
  expect(stdout + stderr).toContain('started no Java program')
  expect(stdout + stderr).toContain('ERROR: conf/nid is empty, please set nid')
})
