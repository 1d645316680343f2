import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  repository,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// examples/fogflow stays alive: with the worker of the release, after the loss of any one program a new fog function runs again, without a hand.

const namespace = testNamespace('e2e-fogflow')
const up = [
  ...['-f', `${repository}examples/fogflow/compose.yaml`],
  ...['-f', fileURLToPath(new URL('programs.yaml', import.meta.url))],
  ...['--profile', 'upstream-worker'],
]

const SERVICES = ['rabbitmq', 'discovery', 'master', 'broker', 'designer', 'upstream-worker']
const FAULTS = [
  ...SERVICES.flatMap((service) => [`delete ${service}`, `kill ${service}`]),
  'update rabbitmq',
]

/** What loses most. */
const ALWAYS = ['delete rabbitmq', 'delete discovery']
const others = FAULTS.filter((fault) => !ALWAYS.includes(fault))

/** All of them with `npm run soak`; otherwise those that lose most, and one by chance. */
const chosen =
  process.env.LANDFALL_ALL_FAULTS === undefined
    ? [...ALWAYS, ...others.slice(Math.floor(Math.random() * others.length)).slice(0, 1)]
    : FAULTS

const root = await mkdtemp(`${tmpdir()}/landfall-fogflow-`)
afterAll(() => rm(root, { recursive: true, force: true }))

beforeAll(async () => {
  await landfallOnCluster(namespace, 'up', up)
})

const commandIn = (service: string, command: readonly string[]) => [
  ...['exec', `deploy/${service}`, '-c', service, '--'],
  ...command,
]

const inside = (service: string, ...command: string[]) =>
  namespace.kubectl(commandIn(service, command))

/** Sends JSON from inside the cluster. */
const send = (url: string, body: object) =>
  inside(
    'discovery',
    ...['python3', '-c'],
    'import sys,urllib.request as r; r.urlopen(sys.argv[1], sys.argv[2].encode(), timeout=2)',
    url,
    JSON.stringify(body),
  )

/** Milliseconds for a fault to heal; beside other suites nothing is measured. */
const HEALED_MS = process.env.LANDFALL_ALL_FAULTS === undefined ? 240_000 : 60_000

let count = 0

/** Seconds until a new fog function runs. Each attempt is a new function, as a user would try. */
async function newFunctionRuns(within: number): Promise<number> {
  const begun = performance.now()
  await eventually(within, () => oneFunctionRuns()).catch(async (error: Error) => {
    throw new Error(`${error.message}\n${await whatTheKeeperDid()}`)
  })
  return Math.round((performance.now() - begun) / 1000)
}

/** The message of a failed test is all that is kept of a run elsewhere. */
async function whatTheKeeperDid(): Promise<string> {
  const log = await namespace.tryKubectl([
    'logs',
    'deploy/landfall-keeper',
    '--tail=8',
    '--timestamps',
  ])
  const pods = await namespace.tryKubectl(['get', 'pods', '-o', 'wide'])
  return `${new Date().toISOString()}, keeper:\n${log.stdout}${pods.stdout}`
}

async function oneFunctionRuns(): Promise<void> {
  const name = `f${++count}`
  await send('http://broker:8070/ngsi10/updateContext', {
    contextElements: [{ entityId: { type: 'Temperature', id: 'Device.T1' } }],
    updateAction: 'UPDATE',
  })
  await send('http://designer:8080/fogfunction', { function: name, entity: 'Temperature' })
  await eventually(3_000, async () =>
    expect(
      await namespace.kubectl(['logs', 'deploy/upstream-worker', '-c', 'upstream-worker']),
    ).toContain(`task ${name} runs`),
  )
}

/** How often the template of each workload was changed: a restart is a change. */
const revisions = async () =>
  new Map(
    (await namespace.list('deployments')).map(({ metadata }): [string, number] => [
      metadata.name,
      Number(metadata.annotations['deployment.kubernetes.io/revision']),
    ]),
  )

/** The containers of the worker. Its tasks run as long as they do. */
const workers = async (): Promise<string[]> =>
  (await namespace.list('pods', 'app.kubernetes.io/name=upstream-worker')).flatMap(({ status }) =>
    (status.containerStatuses ?? []).map(({ containerID }: Json) => containerID),
  )

/** Whether the loss of a service leaves the worker as it is. */
const leavesTasks = (fault: string) => !/ (rabbitmq|upstream-worker)$/.test(fault)

async function strike(fault: string): Promise<void> {
  const [how, service = ''] = fault.split(' ')
  if (how === 'update') {
    await writeFile(`${root}/update.env`, 'UPDATE=1\n')
    await landfallOnCluster(namespace, 'up', [...up, '--env-file', `${root}/update.env`])
  } else if (how === 'delete')
    await namespace.kubectl(['delete', 'pod', '-l', `app.kubernetes.io/name=${service}`])
  else await killed(service)
}

/** How often the containers of a service restarted. */
const restartsOf = async (service: string): Promise<number> =>
  (await namespace.list('pods', `app.kubernetes.io/name=${service}`))
    .flatMap(({ status }) => status.containerStatuses ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0)

/** Ends process 1 of a service. The command ends with it, so that its exit code means nothing: the restart counts. */
async function killed(service: string): Promise<void> {
  const before = await restartsOf(service)
  const command =
    service === 'rabbitmq' ? ['sh', '-c', 'kill 1'] : ['python3', '-c', 'import os; os.kill(1, 10)']
  await namespace.tryKubectl(commandIn(service, command))
  await eventually(90_000, async () => expect(await restartsOf(service)).toBeGreaterThan(before))
}

test('a fog function runs', async () => {
  keepOnFailure(namespace)
  await newFunctionRuns(HEALED_MS)
})

test.each(chosen)(
  '%s: a new function runs again, no workload restarts twice, and tasks of an untouched worker run on',
  async (fault) => {
    keepOnFailure(namespace)
    const [before, tasks] = [await revisions(), await workers()]
    await strike(fault)
    const seconds = await newFunctionRuns(HEALED_MS)
    if (leavesTasks(fault)) expect(await workers()).toEqual(tasks)
    const restarted = [...(await revisions())].filter(([name, now]) => now !== before.get(name))
    process.stdout.write(
      `fogflow, ${fault}: a new function ran after ${seconds} s; restarted: ${restarted.map(([name]) => name).join(', ') || 'none'}\n`,
    )
    expect(restarted.filter(([name, now]) => now > (before.get(name) ?? 0) + 1)).toEqual([])
  },
)
