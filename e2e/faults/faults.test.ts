import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { defaultOptions } from '@landfall/local-cluster'
import {
  addressIn,
  eventually,
  landfall,
  type Namespace,
  numbers,
  onSharedCluster,
  pages,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'
import { type Disturbance, disturb, disturbances } from './disturb.ts'
import { type Fault, faultsOf } from './faults.ts'

// Updates with something wrong, on a cluster with something wrong: the verdict is right, and what was ready serves again.

/** Updates altogether; `npm run soak` makes 200. The same seed gives the same faults. */
const count = Number(process.env.LANDFALL_FAULTS ?? 4)
const seed = Number(process.env.LANDFALL_SEED ?? 1)
const LANES = count < 200 ? 4 : 8
/** The batches before it are left out. */
const from = Number(process.env.LANDFALL_FAULTS_FROM ?? 0)
const batches = Math.ceil(count / LANES)

const options = { ...defaultOptions(process.env), name: sharedCluster().name, nodes: 2 }
const root = await mkdtemp(`${tmpdir()}/landfall-faults-`)
afterAll(() => rm(root, { recursive: true, force: true }))

/** One release that is updated again and again. */
interface Lane {
  name: string
  namespace: Namespace
  address: string
  version: string
}

const lanes = Array.from({ length: LANES }, (_, index): Lane => {
  const namespace = testNamespace(`e2e-faults-${index}`)
  return { name: `${index}`, namespace, address: '', version: 'v0' }
})

async function up(lane: Lane, { compose, settings }: Pick<Fault, 'compose' | 'settings'>) {
  const directory = `${root}/${lane.name}`
  await mkdir(directory, { recursive: true })
  await writeFile(`${directory}/compose.yaml`, compose)
  await rm(`${directory}/landfall.yaml`, { force: true })
  if (settings !== undefined) await writeFile(`${directory}/landfall.yaml`, settings)
  for (;;) {
    const finished = await landfall([
      ...['up', directory, ...onSharedCluster(lane.namespace.name)],
      ...['--output', 'json', '--timeout', '8m'],
    ])
    // what was lost while `up` looked whether the cluster runs: no verdict, and the command is repeated
    if (/the (cluster|API server) is not ready: \S+ has exited/.test(finished.stderr)) continue
    const verdict = finished.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
      .findLast(({ type }) => type === 'verdict')
    return { ...finished, verdict }
  }
}

test(`${LANES} releases are ready`, async () => {
  await Promise.all(
    lanes.map(async (lane) => {
      const [first] = faultsOf(lane.version) as [Fault]
      const { code, stdout, stderr, verdict } = await up(lane, first)
      expect(code, stdout + stderr).toBe(0)
      const { url } = verdict.addresses.find((one: { url?: string }) => one.url !== undefined)
      lane.address = addressIn(`at ${url}`)
    }),
  )
})

const random = numbers(seed)
const choose = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
let updates = 0

for (let batch = 0; batch < batches; batch++) {
  const disturbance: Disturbance = choose(disturbances)
  const after = 1_000 + random() * 12_000
  const faults = lanes.map((_, index) => {
    const version = `v${batch + 1}-${index}`
    const isLost = random() < 0.08
    return { fault: choose(faultsOf(version)), version, isLost }
  })
  const described = faults
    .map(({ fault, isLost }) => (isLost ? 'Lease lost' : fault.name))
    .join(', ')
  test.skipIf(batch < from)(
    `seed ${seed}, batch ${batch}: ${described}; cluster: ${disturbance}`,
    async () => {
      const disturbed = pause(after).then(() => disturb(disturbance, options))
      const results = await Promise.allSettled([
        ...lanes.map((lane, index) => {
          const { fault, version, isLost } = faults[index] as (typeof faults)[number]
          return isLost ? loseLease(lane, version) : update(lane, fault, version, disturbance)
        }),
        disturbed,
      ])
      await eventually(300_000, () => lanes[0]?.namespace.kubectl(['get', 'nodes']))
      const wrong = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason] : [],
      )
      updates += LANES
      await mkdir(`${repository}artifacts`, { recursive: true })
      const outcome =
        wrong.length === 0 ? ['right'] : [`WRONG ${wrong.length}`, ...wrong.map(String)]
      await appendFile(
        `${repository}artifacts/faults.txt`,
        `${described}; ${disturbance}: ${outcome.join('\n')}\n`,
      )
      if (wrong.length > 0)
        throw wrong.length === 1 ? wrong[0] : new AggregateError(wrong, wrong.join('\n\n'))
    },
  )
}

test('all of them', () => {
  process.stdout.write(`${updates} updates with faults (seed ${seed}): no wrong verdict\n`)
  expect(updates).toBeGreaterThanOrEqual(count - from * LANES)
})

async function update(
  lane: Lane,
  fault: Fault,
  version: string,
  disturbance: Disturbance,
): Promise<void> {
  const { namespace } = lane
  if (fault.quota !== undefined) await admit(namespace, fault.quota)
  const loop = pages(lane.address)
  const { code, stdout, stderr, verdict } = await up(lane, fault)
  const seen = await loop.end()
  if (fault.quota !== undefined)
    await eventually(120_000, () =>
      namespace.kubectl(['delete', 'quota', 'few', '--ignore-not-found']),
    )
  const about = `lane ${lane.name}, ${fault.name}, ${disturbance}: ${JSON.stringify([...seen])}\n${stdout}\n${stderr}`
  if (fault.refused !== undefined) {
    expect(code, about).toBe(1)
    expect(stderr, about).toMatch(fault.refused)
  } else if (fault.failure === undefined) {
    expect(verdict?.state, about).toBe('ready')
    expect(code, about).toBe(0)
    lane.version = version
  } else {
    expect(verdict?.state, about).toBe('failed')
    expect(code, about).toBe(1)
    expect(verdict.failure.object, about).toMatch(fault.failure.object)
    expect(verdict.failure.reason, about).toMatch(fault.failure.reason)
    expect(verdict.back?.state, about).toBe('ready')
  }
  await eventually(120_000, async () => {
    const answer = await fetch(lane.address, { signal: AbortSignal.timeout(5_000) })
    expect((await answer.text()).trim(), about).toBe(lane.version)
  })
  // a program that crashes while it serves takes requests with it, and so does a node that is lost
  const mayLose = fault.serves === true || disturbance === 'node lost'
  if (!mayLose) expect(seen.get('none') ?? 0, about).toBe(0)
  const serves = (fault.failure ?? fault.refused) === undefined || fault.serves === true
  if (!serves)
    expect(
      [...seen.keys()].filter((page) => page !== 'none' && page !== lane.version),
      about,
    ).toEqual([])
}

/** Limits the pods of a namespace; the cluster may not answer for a while. */
const admit = (namespace: Namespace, pods: number) =>
  eventually(120_000, async () => {
    await namespace.tryKubectl(['create', 'quota', 'few', `--hard=pods=${pods}`])
    await namespace.kubectl(['get', 'quota', 'few'])
  })

/** Another command takes the release in the middle of an update: the first one stops, and a later one ends the work. */
async function loseLease(lane: Lane, version: string): Promise<void> {
  const [good] = faultsOf(version) as [Fault]
  const running = up(lane, good)
  const lease = 'lease/landfall-release-faults'
  await eventually(
    120_000,
    async () => {
      const holder = await lane.namespace.kubectl([
        'get',
        lease,
        '-o',
        'jsonpath={.spec.holderIdentity}',
      ])
      expect(holder).not.toBe('')
    },
    200,
  )
  const other = JSON.stringify({
    spec: {
      holderIdentity: 'other@elsewhere/1',
      renewTime: `${new Date().toISOString().slice(0, -1)}000Z`,
    },
  })
  await lane.namespace.kubectl(['patch', lease, '--type=merge', '-p', other])
  const first = await running
  const about = `lane ${lane.name}, Lease lost\n${first.stdout}\n${first.stderr}`
  // it was over before it noticed, or it stopped
  if (first.verdict === undefined) {
    expect(first.code, about).not.toBe(0)
    expect(first.stdout + first.stderr, about).toMatch(/taken over|has changed the release/)
  }
  const again = await up(lane, good)
  expect(again.code, again.stdout + again.stderr).toBe(0)
  lane.version = version
}
