import { deployRelease, type Failure } from '@landfall/deploy'
import type { KubeObject } from '@landfall/kube'
import {
  configMap,
  deployment,
  GATE,
  IMAGE,
  job,
  keepOnFailure,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { clusterClient } from './client.ts'
import { provideTestImage } from './image.ts'

const client = clusterClient()

/** Beside each broken workload: one that works, and one that waits in a gate and is never the failure. */
const others = [deployment('fine'), deployment('gated', {}, { initContainers: [GATE] })]

interface Broken {
  name: string
  objects: KubeObject[]
  failure: Partial<Failure>
  /** From the event that tells to the verdict. */
  within?: { reason: string; ms: number }
}

const missing = { secretKeyRef: { name: 'nobody-made-this', key: 'k' } }

const broken: Broken[] = [
  {
    name: 'an image that nobody has',
    objects: [deployment('bad', { image: 'landfall-tests/no-such-image:1' })],
    failure: { container: 'bad', hint: expect.stringMatching(/name/) },
    within: { reason: 'Failed', ms: 60_000 },
  },
  {
    name: 'an image name that is none',
    objects: [deployment('bad', { image: 'No Image' })],
    failure: { reason: 'InvalidImageName' },
  },
  {
    name: 'a Secret that is missing',
    objects: [deployment('bad', { env: [{ name: 'A', valueFrom: missing }] })],
    failure: { reason: 'CreateContainerConfigError' },
  },
  {
    name: 'a program that ends',
    objects: [deployment('bad', { command: ['sh', '-c', 'echo no database; exit 3'] })],
    failure: { reason: 'exited with code 3', exitCode: 3, log: ['no database'] },
  },
  {
    name: 'a program that works for two seconds before it ends',
    objects: [deployment('bad', { command: ['sh', '-c', 'sleep 2; exit 4'] })],
    failure: { reason: 'exited with code 4' },
  },
  {
    name: 'a program that is not in the image',
    objects: [deployment('bad', { command: ['/no/such/program'] })],
    failure: { container: 'bad', hint: expect.stringMatching(/command/) },
  },
  {
    name: 'a Job that fails',
    objects: [job('bad', 'echo no table; exit 2')],
    failure: { object: 'job/bad', exitCode: 2, log: ['no table'] },
  },
  {
    name: 'more memory than any node has',
    objects: [deployment('bad', { resources: { requests: { memory: '900Ti' } } })],
    failure: { reason: 'Unschedulable' },
  },
  {
    name: 'a port that is none',
    objects: [deployment('bad', { ports: [{ containerPort: 99_999 }] })],
    failure: { reason: 'Invalid', message: expect.stringMatching(/containerPort/) },
  },
]

beforeAll(provideTestImage)

describe.concurrent('what goes wrong, and what only looks like it', () => {
  for (const [index, { name, objects, failure, within }] of broken.entries()) {
    const namespace = testNamespace(`e2e-deploy-broken-${index}`)
    test(name, async () => {
      keepOnFailure(namespace)
      const verdict = await deployRelease({
        client: client(),
        objects: [...others, ...objects],
        release: 'broken',
        namespace: namespace.name,
        timeoutMs: 600_000,
      })
      const ended = Date.now()
      expect(verdict.state).toBe('failed')
      expect(verdict.failure).toMatchObject({
        object: 'deployment/bad',
        source: 'compose.yaml#/services/bad',
        ...failure,
      })
      if (within === undefined) return
      const told = (await namespace.list('events'))
        .filter(({ reason }) => reason === within.reason)
        .map((event) => Date.parse(event.firstTimestamp ?? event.eventTime))
      expect(ended - Math.min(...told)).toBeLessThan(within.ms)
    })
  }

  const tolerant = testNamespace('e2e-deploy-tolerant')
  test('a program that gives up until what it needs is there is given the time', async () => {
    keepOnFailure(tolerant)
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'slow' },
      spec: { selector: { app: 'slow' }, ports: [{ port: 80 }] },
    }
    const slow = deployment('slow', {
      command: ['sh', '-c', 'sleep 25; mkdir /www; >/www/index.html; exec httpd -f -p 80 -h /www'],
      readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
    })
    const impatient = deployment('impatient', {
      command: ['sh', '-c', 'timeout 1 wget -q -O /dev/null http://slow/ && sleep 100000'],
    })
    const verdict = await deployRelease({
      client: client(),
      objects: [service, slow, impatient],
      release: 'tolerant',
      namespace: tolerant.name,
      timeoutMs: 600_000,
    })
    expect(verdict.failure).toBeUndefined()
  })

  const retry = testNamespace('e2e-deploy-retry')
  test('a Job that failed runs again with the next deploy', async () => {
    keepOnFailure(retry)
    const migrate = job('migrate', 'test -e /config/go')
    migrate.spec.template.spec.volumes = [
      { name: 'config', configMap: { name: 'switch', optional: true } },
    ]
    migrate.spec.template.spec.containers[0].volumeMounts = [
      { name: 'config', mountPath: '/config' },
    ]
    const deploy = (objects: KubeObject[]) =>
      deployRelease({
        client: client(),
        objects,
        release: 'retry',
        namespace: retry.name,
        timeoutMs: 600_000,
      })
    expect(await deploy([migrate])).toMatchObject({ state: 'failed', failure: { exitCode: 1 } })
    expect(await deploy([migrate, configMap('switch', { go: '1' })])).toMatchObject({
      state: 'ready',
    })
  })

  const foreign = testNamespace('e2e-deploy-foreign')
  test('what someone else made in the namespace is in the way, and left as it is', async () => {
    keepOnFailure(foreign)
    const kubectl = ['--image', IMAGE, '--', 'sleep', '100000']
    await foreign.kubectl(['create', 'namespace', foreign.name])
    await foreign.kubectl(['create', 'deployment', 'fine', ...kubectl])
    const before = await foreign.get('deployment', 'fine')
    const verdict = await deployRelease({
      client: client(),
      objects: [configMap('ours', {}), deployment('fine')],
      release: 'foreign',
      namespace: foreign.name,
    })
    expect(verdict.failure).toMatchObject({ object: 'deployment/fine', reason: 'AlreadyExists' })
    expect((await foreign.get('deployment', 'fine')).metadata.uid).toBe(before.metadata.uid)
    expect((await foreign.tryKubectl(['get', 'configmap', 'ours'])).code).toBe(1)
  })
})
