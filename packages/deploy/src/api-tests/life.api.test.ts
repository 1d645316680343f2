import type { KubeObject } from '@landfall/kube'
import {
  apiNamespace,
  configMap,
  deployment,
  eventually,
  sharedApi,
  waiting,
} from '@landfall/testkit'
import { describe, expect, test, vi } from 'vitest'
import type { DeployEvent } from '../events.ts'
import { deployRelease, downRelease, TakenOverError } from '../index.ts'
import { leaseReference } from '../release/lease.ts'
import { lastReady, readRevisions } from '../release/revisions.ts'
import { fastClock } from '../test-clock.ts'

// several commands one after the other, on a machine that may be busy
vi.setConfig({ testTimeout: 400_000 })

const clock = fastClock(10)
const timeoutMs = 1_000_000

/** A release in a namespace of its own, which consists of ConfigMaps. */
function releaseOf(name: string) {
  const { name: namespace, api, statuses } = apiNamespace(name, { deletes: true })
  const { client } = api
  const where = { client, release: name, namespace, clock }
  const parts = async () =>
    (await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace })).items
      .filter(({ data }) => data?.of !== undefined)
      .map(({ metadata, data }) => `${metadata.name} of ${data.of}`)
      .sort()
  return { api, client, statuses, where, parts }
}

const wish = (of: string, count: number): KubeObject[] =>
  Array.from({ length: count }, (_, number) => configMap(`part-${number}`, { of }))
const whole = (of: string, count: number) =>
  wish(of, count)
    .map(({ metadata }) => `${metadata.name} of ${of}`)
    .sort()
const by = (identity: string, command = 'up') => ({ holder: { identity, command } })

describe('two commands at once', () => {
  test('one waits for the other and reports who it is; the end is one of the two wishes whole', async () => {
    const { where, parts } = releaseOf('both')
    const waits: string[] = []
    const onEvent = (event: DeployEvent) => {
      if (event.type === 'wait' && event.object.startsWith('lease/')) waits.push(event.message)
    }
    const verdicts = await Promise.all([
      deployRelease({ ...where, objects: wish('anna', 30), onEvent, ...by('anna@a/1') }),
      deployRelease({ ...where, objects: wish('bert', 20), onEvent, ...by('bert@b/1') }),
    ])
    expect(verdicts.map(({ state }) => state)).toEqual(['ready', 'ready'])
    expect([whole('anna', 30), whole('bert', 20)]).toContainEqual(await parts())
    expect(waits[0]).toMatch(
      /^landfall up of (anna@a|bert@b) \(since \d{4}-.*Z\) is changing the release/,
    )
    const states = (await readRevisions(where.client, where)).map(
      ({ by, state }) => `${by} ${state}`,
    )
    expect(states.sort()).toEqual(['anna@a ready', 'bert@b ready'])
  })

  test('`down` and `up` do not mix, whichever comes first', async () => {
    for (let round = 0; round < 3; round++) {
      const { where, parts, client } = releaseOf(`updown${round}`)
      await deployRelease({ ...where, objects: wish('old', 10), ...by('old@a/1') })
      const work = [
        () => downRelease({ ...where, ...by('anna@a/2', 'down') }),
        () => deployRelease({ ...where, objects: wish('new', 10), ...by('bert@b/2') }),
      ]
      if (round % 2 === 1) work.reverse()
      await Promise.all(work.map((one) => one()))
      const namespace = { apiVersion: 'v1', kind: 'Namespace', name: where.namespace }
      const gone = (await client.get(namespace)) === undefined
      expect(await parts()).toEqual(gone ? [] : whole('new', 10))
    }
  })
})

describe('a holder that is away', () => {
  test('is waited for until its Lease has not been renewed for its time, and then writes nothing more', async () => {
    const { where, client } = releaseOf('stale')
    let resume = () => {}
    const paused = new Promise<void>((resolve) => {
      resume = resolve
    })
    let applies = 0
    // it stops like a machine that sleeps: no write and no renewal gets out
    const sleeping = {
      ...client,
      async apply(...args: Parameters<typeof client.apply>) {
        applies++
        if (applies > 8) await paused
        return client.apply(...args)
      },
    }
    const first = deployRelease({
      ...where,
      client: sleeping,
      objects: wish('anna', 40),
      ...by('anna@a/1'),
    })
    first.catch(() => {})
    await eventually(60_000, () => expect(applies).toBeGreaterThan(8), 50)
    const second = await deployRelease({ ...where, objects: wish('bert', 20), ...by('bert@b/1') })
    expect(second.state).toBe('ready')
    resume()
    await expect(first).rejects.toThrow(TakenOverError)
    await expect(first).rejects.toThrow(/nothing more was written/)
  })

  test('and is known to have ended is not waited for', async () => {
    const { where, client } = releaseOf('ended')
    await deployRelease({ ...where, objects: wish('anna', 1), ...by('anna@a/1') })
    const lease = await client.get(leaseReference(where))
    const spec = {
      holderIdentity: 'dead@a/7',
      leaseDurationSeconds: 3_600,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    }
    await client.apply({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: lease?.metadata.name ?? '', namespace: where.namespace },
      spec,
    })
    const hasEnded = (identity: string) => identity === 'dead@a/7'
    const holder = { identity: 'bert@b/1', command: 'up', hasEnded }
    const verdict = await deployRelease({
      ...where,
      objects: wish('bert', 2),
      holder,
      timeoutMs: 1_000_000,
    })
    expect(verdict.state).toBe('ready')
    expect((await client.get(leaseReference(where)))?.spec.holderIdentity).toBeUndefined()
  })

  test('one that lives is waited for until the time is up, and named', async () => {
    const { where, client } = releaseOf('alive')
    await deployRelease({ ...where, objects: wish('anna', 1), ...by('anna@a/1') })
    const { apiVersion, kind, name, namespace } = leaseReference(where)
    const held = { holderIdentity: 'carl@c/7', leaseDurationSeconds: 3_600 }
    await client.apply({
      apiVersion,
      kind,
      metadata: { name, namespace: namespace ?? '' },
      spec: held,
    })
    const late = await deployRelease({ ...where, objects: wish('bert', 2), timeoutMs: 300_000 })
    expect(late.failure).toMatchObject({
      code: 'deploy/not-ready',
      message: 'landfall up of carl@c is changing the release; waiting for its end',
    })
  })
})

describe.skipIf(!sharedApi().bare)('a way back (needs an API server without controllers)', () => {
  const broken = { containers: [waiting('InvalidImageName')] }
  const { where, client, statuses, parts } = releaseOf('back')
  const app = (of: string, image: string) => [...wish(of, 2), deployment('web', { image })]

  test('a first revision that fails stays as it is', async () => {
    const { where, statuses } = releaseOf('first')
    const [verdict] = await Promise.all([
      deployRelease({ ...where, objects: [deployment('web')], timeoutMs }),
      statuses.pod('Deployment', 'web', broken),
    ])
    expect(verdict).toMatchObject({
      state: 'failed',
      revision: 1,
      notBack: 'no earlier revision was ready, so it stays as it is',
    })
    expect(verdict.back).toBeUndefined()
  })

  test('a revision that fails is replaced by the last one that was ready, with a verdict of its own', async () => {
    const events: DeployEvent[] = []
    const [first] = await Promise.all([
      deployRelease({ ...where, objects: app('good', 'good:1'), timeoutMs }),
      statuses.deploymentReady('web'),
    ])
    expect(first).toMatchObject({ state: 'ready', revision: 1 })
    let goingBack = false
    const deploying = deployRelease({
      ...where,
      objects: app('bad', 'bad:1'),
      timeoutMs,
      onEvent: (event) => {
        events.push(event)
        if (event.type === 'back') goingBack = true
        if (goingBack && event.type === 'apply' && event.object === 'deployment/web')
          void statuses.deploymentReady('web')
      },
      ...by('anna@a/2'),
    })
    const [failed] = await Promise.all([deploying, statuses.pod('Deployment', 'web', broken)])
    expect(failed).toMatchObject({
      state: 'failed',
      revision: 2,
      back: { to: 1, revision: 3, state: 'ready' },
    })
    expect(await parts()).toEqual(whole('good', 2))
    expect(
      events.map(({ type }) => type).filter((type) => ['failed', 'back', 'verdict'].includes(type)),
    ).toEqual(['failed', 'back', 'verdict'])
    const revisions = await readRevisions(client, where)
    expect(revisions.map(({ number, state, of }) => [number, state, of])).toEqual([
      [1, 'ready', undefined],
      [2, 'failed', undefined],
      [3, 'ready', 1],
    ])
    expect(revisions[1]?.failure).toMatchObject({ code: 'deploy/image-name-invalid' })
    expect(lastReady(revisions)?.number).toBe(3)
  })
})
