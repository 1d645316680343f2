import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { loadProject, parseSeconds } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { startTimes } from '@landfall/local-cluster'
import {
  allReady,
  eventually,
  keepOnFailure,
  landfallOnCluster,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import { criticalPath, orderOf } from './critical-path.ts'
import { type ProgramTimes, programTimes } from './program-times.ts'

const namespace = testNamespace('e2e-edgex')
const directory = `${repository}examples/edgex`
const files = [
  `${directory}/compose.yaml`,
  fileURLToPath(new URL('other-broker.yaml', import.meta.url)),
]
const up = [...files.flatMap((file) => ['-f', file]), '--stand-ins', `${directory}/stand-ins`]

const { project } = loadProject({
  files: nodeFiles(),
  workingDirectory: directory,
  projectDirectory: directory,
  configFiles: files,
  environment: {},
})
if (project === undefined) throw new Error('examples/edgex/compose.yaml cannot be read')
const order = orderOf(project)
const times = await startTimes(`${directory}/stand-ins`)
/** Seconds. */
const startTime = (service: string) =>
  (times.get(project.services[service]?.image ?? '') ?? [])
    .map((duration) => parseSeconds(duration) ?? 0)
    .reduce((sum, seconds) => sum + seconds, 0)

/** Asks from inside the pod of a service, with the stand-in's own tools. */
function inside(service: string, ...tool: string[]): Promise<string> {
  return namespace.kubectl([
    'exec',
    `deployment/${service}`,
    '-c',
    service,
    '--',
    '/stand-in',
    ...tool,
  ])
}

async function logOf(service: string): Promise<string> {
  return namespace.kubectl([
    'logs',
    '-l',
    `app.kubernetes.io/name=${service}`,
    '-c',
    service,
    '--tail=-1',
  ])
}

describe('EdgeX on a real cluster of two nodes', () => {
  let programs: Map<string, ProgramTimes> = new Map()
  const timesOf = (service: string): ProgramTimes => {
    const found = programs.get(service)
    if (found === undefined) throw new Error(`${service} has no pod`)
    return found
  }

  test('`landfall up` ends with all services ready, and none was started twice', async () => {
    keepOnFailure(namespace)
    const { stdout, stderr } = await landfallOnCluster(namespace, 'up', up)
    process.stdout.write(`${stderr}${stdout}`)
    await allReady(namespace)
    programs = await programTimes(namespace)
    expect([...programs.keys()].sort()).toEqual([...order.keys()].sort())
    expect([...programs].filter(([, { restarts }]) => restarts > 0)).toEqual([])
    expect(sharedCluster().nodes).toHaveLength(2)
  })

  test('no program was started before what it depends on was there', () => {
    const early = [...order].flatMap(([service, dependencies]) =>
      dependencies
        .filter((dependency) => timesOf(service).started < earliest(dependency))
        .map((dependency) => `${service} before ${dependency}`),
    )
    expect(early).toEqual([])
  })

  /** One-shots: when the work was done. Others: when the port could open, less the second that whole seconds may hide. */
  function earliest(service: string): number {
    const { started, done } = timesOf(service)
    return done ?? started + startTime(service) - 1
  }

  test('the time to ready is told beside the critical path', () => {
    const { chain, seconds } = criticalPath(order, startTime)
    const links = chain.length - 1
    const begun = Math.min(...[...programs.values()].map(({ started }) => started))
    const end = Math.max(...[...programs.values()].map(({ ready = 0 }) => ready))
    const took = end - begun
    const waits = chain.slice(1).map((service, index) => {
      const before = timesOf(chain[index] ?? '')
      const passed = timesOf(service).started - before.started - startTime(chain[index] ?? '')
      return `${service} +${passed.toFixed(0)} s`
    })
    process.stdout.write(
      `EdgeX: from the first program to the last one ready ${took} s; critical path ${seconds} s over ${links} links ` +
        `(${chain.join(' → ')}): ${((took - seconds) / links).toFixed(1)} s more per link (${waits.join(', ')})\n`,
    )
    expect(took).toBeGreaterThanOrEqual(seconds - 1)
  })

  test('`landfall up` again with nothing changed replaces no pod, and prints how long it took', async () => {
    keepOnFailure(namespace)
    const pods = async () =>
      (await namespace.list('pods')).map(({ metadata }) => metadata.uid).sort()
    const before = await pods()
    const begun = performance.now()
    const { stdout } = await landfallOnCluster(namespace, 'up', up)
    const took = (performance.now() - begun) / 1000
    expect(await pods()).toEqual(before)
    const said = /^Ready after .*/m.exec(stdout)?.[0]
    expect(said).toBeDefined()
    process.stdout.write(
      `EdgeX again, nothing changed: ${took.toFixed(1)} s with the checks of the cluster and the images; ${said}\n`,
    )
  })

  test('config-seed ran once, after Consul answered', async () => {
    keepOnFailure(namespace)
    const [job] = await namespace.list('jobs', 'app.kubernetes.io/name=config-seed')
    expect(job.status).toMatchObject({ succeeded: 1 })
    expect(job.status.failed ?? 0).toBe(0)
    const log = await logOf('config-seed')
    expect(log.match(/stand-in started/g)).toHaveLength(1)
    expect(log).not.toContain('waiting for')
    expect(log).not.toContain('carries on')
    const key = 'edgex/core/1.0/edgex-core-data/Service/Port'
    expect(await inside('consul', 'get', `http://localhost:8500/v1/kv/${key}?raw`)).toBe('48080')
  })

  test("the files of the volume's image are in Consul's configuration, with their owners, and Consul read them", async () => {
    keepOnFailure(namespace)
    const files = (await inside('consul', 'ls', '/consul/config')).trim().split('\n')
    expect(files.map((line) => line.replace(/ \d+ (?=\/)/, ' '))).toEqual([
      '-rw-r--r-- 100 1000 /consul/config/00-consul.json',
      '-rw-r--r-- 100 1000 /consul/config/README',
      '-rw-r--r-- 100 1000 /consul/config/kong.json',
      '-rw-r--r-- 100 1000 /consul/config/mongo.json',
    ])
    const settings = await inside('consul', 'cat', '/consul/config/00-consul.json')
    expect(JSON.parse(settings)).toEqual({ enable_local_script_checks: true })
    await eventually(300_000, async () => {
      const critical = await inside(
        'consul',
        'get',
        'http://localhost:8500/v1/health/state/critical',
      )
      expect(JSON.parse(critical).map((check: { ServiceID: string }) => check.ServiceID)).toEqual([
        'kong',
      ])
    })
  })

  test('core-data is reached by its container name from a service that has only the names', async () => {
    keepOnFailure(namespace)
    const version = await inside('rulesengine', 'get', 'http://edgex-core-data:48080/api/version')
    expect(JSON.parse(version)).toEqual({ version: '1.1.0' })
  })

  test('a program that binds its own name the way old Go resolves it binds its pod', async () => {
    keepOnFailure(namespace)
    const [pod] = await namespace.list('pods', 'app.kubernetes.io/name=data')
    expect(await logOf('data')).toContain(`listening on ${pod.status.podIP}:48080`)
  })

  test('the events of the devices reach the rules engine on the undeclared 5566', async () => {
    keepOnFailure(namespace)
    expect(project.services['app-service-rules']?.ports?.map(({ target }) => target)).toEqual([
      48100,
    ])
    const seen = async () =>
      Number(await inside('rulesengine', 'get', 'http://localhost:48075/stand-in/events'))
    const first = await seen()
    await eventually(300_000, async () => expect(await seen()).toBeGreaterThan(first))
    expect(await logOf('rulesengine')).toContain(
      'subscribed to edgex-app-service-configurable-rules:5566',
    )
    const devices = await inside(
      'metadata',
      'get',
      'http://edgex-core-metadata:48081/api/v1/device',
    )
    expect(JSON.parse(devices)).toHaveLength(4)
  })

  const exported = async (broker: string) =>
    Number(await inside(broker, 'get', 'http://localhost:1883/messages'))

  test('readings are exported to the broker that one variable names, also after it has changed', async () => {
    keepOnFailure(namespace)
    await eventually(120_000, async () => expect(await exported('mosquitto')).toBeGreaterThan(0))
    expect(await exported('other-broker')).toBe(0)
    const root = await mkdtemp(`${tmpdir()}/landfall-edgex-`)
    await writeFile(`${root}/other.env`, 'MQTT_BROKER=other-broker\n')
    await landfallOnCluster(namespace, 'up', [...up, '--env-file', `${root}/other.env`])
    await rm(root, { recursive: true })
    const before = await exported('mosquitto')
    const first = await exported('other-broker')
    await eventually(180_000, async () =>
      expect(await exported('other-broker')).toBeGreaterThan(first + 2),
    )
    // One message may have been on its way when the key changed.
    expect(await exported('mosquitto')).toBeLessThanOrEqual(before + 1)
  })

  test('Consul keeps its keys when its pod is replaced, and readings are exported again without a hand', async () => {
    keepOnFailure(namespace)
    await namespace.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=consul', '--wait'])
    await eventually(120_000, () => allReady(namespace))
    const key = 'edgex/core/1.0/edgex-core-data/Service/Port'
    expect(await inside('consul', 'get', `http://localhost:8500/v1/kv/${key}?raw`)).toBe('48080')
    const before = await exported('other-broker')
    await eventually(180_000, async () =>
      expect(await exported('other-broker')).toBeGreaterThan(before),
    )
  })
})
