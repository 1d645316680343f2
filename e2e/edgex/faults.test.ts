import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  allReady,
  eventually,
  keepOnFailure,
  landfallOnCluster,
  repository,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { look, missingOf, startLooking } from './goals.ts'
import { ALL_PODS, POWER, strike } from './strike.ts'

// examples/edgex stays alive: whatever is lost, everything that it is there for holds again without a hand.

const directory = `${repository}examples/edgex`
const isWhole = process.env.LANDFALL_ALL_FAULTS !== undefined

const RUNNING = [
  ...['consul', 'mongo', 'logging', 'system', 'notifications', 'metadata', 'data', 'command'],
  ...['scheduler', 'app-service-rules', 'rulesengine', 'mqtt-export', 'mosquitto', 'other-broker'],
  ...['device-virtual', 'ui'],
]

const variants = [
  {
    name: 'Consul as a server',
    namespace: 'e2e-edgex-server',
    files: [],
    runs: RUNNING,
  },
  {
    name: 'Consul in development mode',
    namespace: 'e2e-edgex-forgetful',
    files: ['forgetful-consul.yaml'],
    runs: [...RUNNING, 'landfall-keeper'],
  },
]

const root = await mkdtemp(`${tmpdir()}/landfall-edgex-faults-`)
afterAll(() => rm(root, { recursive: true, force: true }))

// Minutes, so with `npm run soak` alone; the deletion of Consul is in edgex.test.ts.
describe.skipIf(!isWhole).each(variants)('$name', ({ namespace: name, files, runs }) => {
  const namespace = testNamespace(name)
  const composeFiles = ['other-broker.yaml', ...files].map((file) =>
    fileURLToPath(new URL(file, import.meta.url)),
  )
  const up = [
    ...[`${directory}/compose.yaml`, ...composeFiles].flatMap((file) => ['-f', file]),
    ...['--stand-ins', `${directory}/stand-ins`],
  ]
  const upWith = async (broker: string) => {
    await writeFile(`${root}/${broker}.env`, `MQTT_BROKER=${broker}\n`)
    await landfallOnCluster(namespace, 'up', [...up, '--env-file', `${root}/${broker}.env`])
  }

  /** Of mosquitto, from which the export was turned away. */
  let exportedToOld = 0

  /** Resolves when all goals hold and everything is ready. */
  async function holds(within: number): Promise<void> {
    let before = await eventually(within, () => look(namespace))
    await eventually(
      within,
      async () => {
        const now = await look(namespace)
        const missing = missingOf(before, now)
        before = now
        expect(missing).toEqual([])
        await allReady(namespace)
      },
      2_000,
    )
    expect(before.exportedToOld).toBeLessThanOrEqual(exportedToOld)
  }

  /** How often the template of each workload was changed: a restart is a change. */
  const revisions = async () =>
    new Map(
      (await namespace.list('deployments')).map(({ metadata }): [string, number] => [
        metadata.name,
        Number(metadata.annotations['deployment.kubernetes.io/revision']),
      ]),
    )

  beforeAll(async () => {
    await upWith('mosquitto')
    await startLooking(namespace)
    await eventually(120_000, async () =>
      expect((await look(namespace)).exportedToOld).toBeGreaterThan(0),
    )
    await upWith('other-broker')
    await eventually(180_000, async () => {
      ;({ exportedToOld } = await look(namespace))
    })
  })

  const faults = [
    ...runs.flatMap((service) => [`delete ${service}`, `kill ${service}`]),
    ...['config-seed', 'volume', 'export-target'].map((service) => `delete ${service}`),
    ...[ALL_PODS, POWER],
  ]

  test.each(faults)('%s: everything holds again', async (fault) => {
    keepOnFailure(namespace)
    await holds(120_000)
    const before = await revisions()
    const begun = performance.now()
    await strike(namespace, 'edgex', fault)
    await holds(fault === POWER || fault === ALL_PODS ? 300_000 : 180_000)
    const seconds = Math.round((performance.now() - begun) / 1000)
    const restarts = [...(await revisions())].map(([workload, now]): [string, number] => [
      workload,
      now - (before.get(workload) ?? 0),
    ])
    const restarted = restarts.filter(([, times]) => times > 0).map(([workload]) => workload)
    process.stdout.write(
      `edgex, ${name}, ${fault}: all goals after ${seconds} s; restarted: ${restarted.join(', ') || 'none'}\n`,
    )
    expect(restarts.filter(([, times]) => times > 1)).toEqual([])
  })
})
