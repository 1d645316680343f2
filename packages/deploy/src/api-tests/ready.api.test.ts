import type { KubeObject } from '@landfall/kube'
import {
  type ApiNamespace,
  apiNamespace,
  deployment,
  ended,
  GATE,
  job,
  sharedApi,
  waiting,
} from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import type { DeployEvent, Verdict } from '../events.ts'
import { type DeployOptions, deployRelease } from '../index.ts'
import { fastClock } from '../test-clock.ts'

/** A server that is busy for half a second still counts as there. */
const clock = fastClock(8)

interface Deployed {
  verdict: Verdict
  events: DeployEvent[]
}

/** Deploys while `act` does the part of the cluster; `looked` is fulfilled at the first report about a workload. */
async function deploy(
  { api, name }: ApiNamespace,
  objects: KubeObject[],
  act: (looked: Promise<void>) => Promise<unknown>,
  options: Partial<DeployOptions> = {},
): Promise<Deployed> {
  const events: DeployEvent[] = []
  let look = () => {}
  const looked = new Promise<void>((resolve) => {
    look = resolve
  })
  const deploying = deployRelease({
    client: api.client,
    objects,
    release: 'shop',
    namespace: name,
    clock,
    timeoutMs: 400_000,
    onEvent(event) {
      events.push(event)
      if (event.type === 'wait' && event.object.startsWith('deployment/')) look()
    },
    ...options,
  })
  const [verdict] = await Promise.all([deploying, act(looked)])
  return { verdict, events }
}

function service(name: string, annotations: Record<string, string>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations },
    spec: { type: 'NodePort', selector: { app: name }, ports: [{ port: 80 }] },
  }
}

describe
  .skipIf(!sharedApi().bare)
  .concurrent('when a release is ready (needs an API server without controllers)', () => {
    const fresh = apiNamespace('fresh')
    test('a program that has just started has to run for 25 s', async () => {
      const { statuses } = fresh
      const { verdict, events } = await deploy(fresh, [deployment('web')], async () => {
        await statuses.deploymentReady('web', 0)
      })
      expect(verdict).toMatchObject({ state: 'ready' })
      expect(verdict.watchedMs).toBeGreaterThan(20_000)
      expect(events).toContainEqual({
        type: 'ready',
        object: 'deployment/web',
        ms: expect.any(Number),
      })
    })

    const addresses = apiNamespace('addresses')
    test('published ports are probed, and those that answer are in the verdict', async () => {
      let probes = 0
      const { verdict } = await deploy(
        addresses,
        [deployment('web'), service('web', { 'landfall.dev/published': '8080:80,53:80/udp?' })],
        () => addresses.statuses.deploymentReady('web'),
        {
          hosts: ['node.example.com'],
          // It listens a little later than it is ready.
          probeAddress: async () =>
            ++probes < 3
              ? { answered: false, error: 'ECONNREFUSED' }
              : { answered: true, scheme: 'http' },
        },
      )
      expect(verdict.addresses).toEqual([
        {
          service: 'web',
          port: '8080',
          publishedBy: 'web',
          target: '80',
          url: expect.stringMatching(/^http:\/\/node\.example\.com:3\d{4}$/),
          answered: true,
        },
        expect.objectContaining({ port: '53', answered: false, optional: true }),
      ])
      expect(probes).toBeGreaterThanOrEqual(3)
    })

    const late = apiNamespace('late')
    test('a port that need not answer is shown as it is at the end', async () => {
      let probes = 0
      const { verdict } = await deploy(
        late,
        [deployment('web'), service('web', { 'landfall.dev/published': '8080:80?' })],
        () => late.statuses.deploymentReady('web', 0),
        {
          hosts: ['node.example.com'],
          probeAddress: async () =>
            ++probes < 5
              ? { answered: false, error: 'ECONNREFUSED' }
              : { answered: true, scheme: 'http' },
        },
      )
      expect(verdict).toMatchObject({ state: 'ready', addresses: [{ answered: true }] })
    })

    const untested = apiNamespace('untested')
    test('connections that cannot be tested are reported, and the pod of the test goes', async () => {
      const { api, name, statuses } = untested
      const { verdict } = await deploy(
        untested,
        [deployment('cache'), service('cache', { 'landfall.dev/connected': '80:app' })],
        () => statuses.deploymentReady('cache'),
        { checkImage: 'curlimages/curl:8.14.1' },
      )
      expect(verdict).toMatchObject({ state: 'ready', untested: 'the test pod does not start' })
      const pods = await api.client.list({ apiVersion: 'v1', kind: 'Pod', namespace: name })
      const test = pods.items.filter(({ metadata }) => metadata.name.startsWith('landfall-check-'))
      // Without a kubelet a pod that is being deleted stays.
      expect(test.filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toEqual([])
    })

    const chain = apiNamespace('chain')
    test('of a chain of waits the end is named, and not who waits', async () => {
      const { statuses } = chain
      const gate = { ...GATE, name: 'wait-for-db' }
      const app = deployment('app', {}, { initContainers: [gate] })
      const after = deployment('after', {}, { initContainers: [{ ...GATE, name: 'wait-for-app' }] })
      const held = { init: [{ state: { running: {} } }], containers: [waiting('PodInitializing')] }
      const { verdict, events } = await deploy(
        chain,
        [deployment('db'), app, after],
        async (looked) => {
          await looked
          await statuses.pod('Deployment', 'app', held)
          await statuses.pod('Deployment', 'after', held)
          await statuses.pod('Deployment', 'db', {
            phase: 'Running',
            containers: [{ ...waiting('CrashLoopBackOff'), lastState: ended(1), restartCount: 5 }],
          })
        },
      )
      expect(verdict.failure).toMatchObject({ object: 'deployment/db', code: 'deploy/crash-loop' })
      expect(verdict.failure?.also ?? []).toEqual([])
      expect(events).toContainEqual({
        type: 'wait',
        object: 'deployment/app',
        message: 'waiting for db',
      })
    })

    const sooner = apiNamespace('sooner')
    test('a program that needs what is still starting is given the time', async () => {
      const { statuses } = sooner
      const crash = {
        phase: 'Running' as const,
        containers: [{ ...waiting('CrashLoopBackOff'), lastState: ended(1), restartCount: 3 }],
      }
      const { verdict } = await deploy(
        sooner,
        [deployment('db'), deployment('app')],
        async (looked) => {
          await looked
          const pod = await statuses.pod('Deployment', 'app', crash)
          await clock.sleep(20_000)
          await statuses.deploymentReady('db', 0)
          await statuses.podStatus(pod, { phase: 'Running', ready: true })
          await statuses.available('app')
        },
      )
      expect(verdict.state).toBe('ready')
    })

    const crashed = apiNamespace('crashed', { deletes: true })
    test('a pod that crashed in an earlier deploy and waits for its next attempt starts at once', async () => {
      const { api, name, statuses } = crashed
      const web = deployment('web')
      let pod: KubeObject | undefined
      const first = await deploy(crashed, [web], async (looked) => {
        await looked
        pod = await statuses.pod('Deployment', 'web', {
          phase: 'Running',
          containers: [{ ...waiting('CrashLoopBackOff'), lastState: ended(1), restartCount: 5 }],
        })
      })
      expect(first.verdict.state).toBe('failed')
      const mended = deployment('web', { env: [{ name: 'A', value: '1' }] })
      const second = await deploy(crashed, [mended], async (looked) => {
        await looked
        await statuses.deploymentReady('web')
      })
      expect(second.verdict.state).toBe('ready')
      expect(second.events).toContainEqual({
        type: 'wait',
        object: 'deployment/web',
        message: 'restarted now, after an earlier crash',
      })
      const reference = { apiVersion: 'v1', kind: 'Pod', name: pod?.metadata.name as string }
      expect(await api.client.get({ ...reference, namespace: name })).toBeUndefined()
    })

    const again = apiNamespace('job-again', { deletes: true })
    test('a Job that failed runs again with the next deploy', async () => {
      const { statuses } = again
      const migrate = job('migrate', 'exit 1')
      const first = await deploy(again, [migrate], async () => {
        await statuses.pod('Job', 'migrate', { phase: 'Failed', containers: [{ state: ended(1) }] })
        await statuses.jobFailed('migrate', 'Job has reached the specified backoff limit')
      })
      expect(first.verdict.failure).toMatchObject({ code: 'deploy/job-failed', exitCode: 1 })
      const second = await deploy(again, [migrate], () => statuses.jobComplete('migrate'))
      expect(second.verdict.state).toBe('ready')
      expect(second.events).toContainEqual({
        type: 'apply',
        object: 'job/migrate',
        verb: 'replace',
      })
    })
  })
