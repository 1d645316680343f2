import { FILL_VOLUMES, type KubeClient, type KubeObject, printFillSteps } from '@landfall/kube'
import {
  type ApiNamespace,
  apiNamespace,
  type ContainerState,
  claim,
  configMap,
  connectTestApi,
  deployment,
  ended,
  finalizeNamespace,
  job,
  running,
  sharedApi,
  waiting,
} from '@landfall/testkit'
import { describe, expect, inject, test } from 'vitest'
import type { DeployEvent, Failure } from './events.ts'
import { type FailureCode, failureCodes } from './failures/index.ts'
import { type DeployOptions, deployRelease } from './index.ts'
import { fastClock } from './test-clock.ts'

/** Patience of up to ten minutes is over within a few seconds. */
const clock = fastClock(20)

interface Case {
  objects: KubeObject[]
  /** What the cluster does meanwhile; `looked` is fulfilled when the deploy has looked at `bad` once. */
  act?: (cluster: ApiNamespace & { looked: Promise<void> }) => Promise<unknown>
  /** How the deploy reaches the cluster. */
  client?: (cluster: ApiNamespace) => Promise<KubeClient>
  before?: (cluster: ApiNamespace) => Promise<unknown>
  options?: Partial<DeployOptions>
  failure?: Partial<Failure>
}

const bad = deployment('bad')

/** A pod whose container waits in a state that the kubelet reports. */
const containerWaits = (reason: string, message = ''): Case => ({
  objects: [bad],
  act: ({ statuses }) =>
    statuses.pod('Deployment', 'bad', { containers: [waiting(reason, message)] }),
  failure: { reason, container: 'bad' },
})

/** A pod whose image cannot be pulled. */
const pullFails = (answer: string, count = 1): Case => ({
  objects: [bad],
  async act({ statuses }) {
    const pod = await statuses.pod('Deployment', 'bad', { containers: [waiting('ErrImagePull')] })
    const message = `Failed to pull image "busybox:1.35.0": ${answer}`
    await statuses.event(pod, 'Failed', message, { container: 'bad', count })
  },
  failure: {
    reason: 'ErrImagePull',
    message: `cannot pull busybox:1.35.0: ${answer}`,
    about: 'image',
  },
})

/** A pod that the scheduler cannot place. */
const notScheduled = (message: string, pod = bad): Case => ({
  objects: [pod],
  act: ({ statuses }) =>
    statuses.pod('Deployment', 'bad', {
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    }),
  failure: { reason: 'Unschedulable', message },
})

/** A pod that does not get as far as its containers. */
const notMade = (reason: string, message: string): Case => ({
  objects: [bad],
  async act({ statuses }) {
    const pod = await statuses.pod('Deployment', 'bad', {})
    await statuses.event(pod, reason, message, { count: 3 })
  },
  failure: { reason, message },
})

/** A program that has ended several times since the deploy began. */
const endsAgain = (end: ContainerState, failure: Partial<Failure>, object = bad): Case => ({
  objects: [object],
  async act({ statuses, looked }) {
    await looked
    await statuses.pod('Deployment', 'bad', {
      phase: 'Running',
      containers: [{ ...waiting('CrashLoopBackOff'), lastState: end, restartCount: 2 }],
    })
  },
  failure: { container: 'bad', ...failure },
})

const deploymentCondition = (type: string, reason: string, message: string): Case => ({
  objects: [bad],
  async act({ statuses, looked }) {
    await looked
    const conditions = [
      { type, status: type === 'Progressing' ? 'False' : 'True', reason, message },
    ]
    await statuses.status('Deployment', 'bad', { observedGeneration: 1, conditions })
  },
  failure: { object: 'deployment/bad', message },
})

const annotated = (annotations: Record<string, string>): KubeObject => ({
  ...bad,
  metadata: { ...bad.metadata, annotations: { ...bad.metadata.annotations, ...annotations } },
})

const withClaim = deployment(
  'bad',
  {},
  {
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
)

/** It waits until a tree has been copied into its claim. */
const awaiting = deployment(
  'bad',
  {},
  {
    initContainers: [
      {
        name: 'wait-for-copy-of-media',
        image: 'busybox:1.35.0',
        command: printFillSteps([
          { verb: 'await', place: 0, id: 'data', path: 'data', shown: './media', digest: 'd1' },
        ]),
        volumeMounts: [{ name: 'data', mountPath: `${FILL_VOLUMES}/0` }],
      },
    ],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
)

const published: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'bad', annotations: { 'landfall.dev/published': '8080:80' } },
  spec: { type: 'NodePort', selector: { app: 'bad' }, ports: [{ port: 80 }] },
}

/** A user with the rights on all kinds of the namespace but one. */
async function withoutRightsOn(apiGroup: string, { api, name }: ApiNamespace): Promise<KubeClient> {
  const at = `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}`
  const groups = ['', 'apps', 'batch'].filter((group) => group !== apiGroup)
  await api.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await api.send('POST', `${at}/roles`, {
    metadata: { name: 'most' },
    rules: [
      { apiGroups: groups, resources: ['*'], verbs: ['*'] },
      { apiGroups: [apiGroup], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    ],
  })
  await api.send('POST', `${at}/rolebindings`, {
    metadata: { name: 'most' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'most' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: `user-of-${name}` }],
  })
  return api.clientAs(`user-of-${name}`)
}

/** One way into each failure; the compiler refuses the table when a code has none. */
const cases: Record<FailureCode, Case> = {
  'deploy/image-name-invalid': containerWaits('InvalidImageName'),
  'deploy/image-not-found': pullFails('docker.io/library/busybox:1.35.0: not found'),
  'deploy/image-access-denied': pullFails('unauthorized: authentication required'),
  'deploy/image-wrong-platform': pullFails('no match for platform in manifest: not found'),
  'deploy/image-pull-limited': pullFails('toomanyrequests: rate limit exceeded', 2),
  'deploy/image-not-pulled': pullFails('dial tcp: lookup registry.example.com: no such host'),
  'deploy/image-not-on-node': containerWaits('ErrImageNeverPull'),
  'deploy/container-user-refused': containerWaits(
    'CreateContainerConfigError',
    'container has runAsNonRoot and image will run as root',
  ),
  'deploy/reference-not-found': containerWaits(
    'CreateContainerConfigError',
    'secret "keys" not found',
  ),
  'deploy/container-not-created': containerWaits('CreateContainerError', 'no space left on device'),
  'deploy/tree-not-copied': {
    objects: [claim('data'), awaiting],
    act: ({ statuses }) => statuses.pod('Deployment', 'bad', { init: [running()] }),
    options: {
      uploads: [
        {
          claim: 'data',
          path: 'data',
          source: '/nowhere/media',
          shown: './media',
          files: 1,
          bytes: 1,
          digest: 'd1',
        },
      ],
    },
    failure: { object: 'persistentvolumeclaim/data', message: expect.stringContaining('ENOENT') },
  },
  'deploy/volume-not-mounted': notMade('FailedMount', 'MountVolume.SetUp failed for volume "data"'),
  'deploy/pod-network-failed': notMade('FailedCreatePodSandBox', 'plugin type="bridge" failed'),
  'deploy/insufficient-resources': notScheduled('0/2 nodes are available: 2 Insufficient memory.'),
  'deploy/unschedulable': notScheduled(
    "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
  ),
  'deploy/claim-not-bound': notScheduled('persistentvolumeclaim "data" not found', withClaim),
  'deploy/provisioning-failed': {
    objects: [claim('data'), withClaim],
    async act({ statuses, api, name }) {
      const data = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: 'data',
        namespace: name,
      }
      await statuses.pod('Deployment', 'bad', {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: 'pod has unbound immediate PersistentVolumeClaims',
          },
        ],
      })
      const found = await api.client.get(data)
      await statuses.event(
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data', ...found?.metadata },
        },
        'ProvisioningFailed',
        'storageclass.storage.k8s.io "nope" not found',
      )
    },
    failure: { reason: 'ProvisioningFailed', about: 'claim' },
  },
  'deploy/out-of-memory': endsAgain(ended(137, { reason: 'OOMKilled' }), {
    reason: 'OOMKilled',
    about: 'memory',
  }),
  'deploy/command-not-found': endsAgain(
    ended(128, {
      reason: 'StartError',
      message: 'exec: "run": executable file not found in $PATH',
    }),
    { exitCode: 128 },
  ),
  'deploy/program-ended': endsAgain(ended(0), { reason: 'exited with code 0' }),
  'deploy/program-killed': endsAgain(ended(137), { reason: 'exited with code 137' }),
  'deploy/crash-loop': endsAgain(ended(3), { reason: 'exited with code 3', exitCode: 3 }),
  'deploy/completed': endsAgain(
    ended(0),
    { completed: ['compose.yaml#/services/bad'] },
    annotated({ 'landfall.dev/may-complete': 'true' }),
  ),
  'deploy/probe-failed': {
    objects: [bad],
    async act({ statuses, looked }) {
      await looked
      const states = [{ ...waiting('CrashLoopBackOff'), lastState: ended(137), restartCount: 2 }]
      const pod = await statuses.pod('Deployment', 'bad', { phase: 'Running' })
      await statuses.event(pod, 'Unhealthy', 'Liveness probe failed: connection refused', {
        container: 'bad',
      })
      await statuses.event(
        pod,
        'Killing',
        'Container bad failed liveness probe, will be restarted',
        {
          container: 'bad',
        },
      )
      await statuses.podStatus(pod, { phase: 'Running', containers: states })
    },
    failure: { reason: 'liveness probe failed', about: 'healthcheck' },
  },
  'deploy/unhealthy': {
    objects: [annotated({ 'landfall.dev/unhealthy-after.bad': '10' })],
    act: ({ statuses }) =>
      statuses.pod('Deployment', 'bad', {
        phase: 'Running',
        containers: [{ ...running(), ready: false }],
      }),
    failure: { reason: 'unhealthy', container: 'bad' },
  },
  'deploy/port-closed': {
    objects: [bad, published],
    act: ({ statuses }) => statuses.deploymentReady('bad'),
    options: {
      hosts: ['127.0.0.1'],
      probeAddress: async () => ({ answered: false, error: 'ECONNREFUSED' }),
    },
    failure: { reason: 'nothing answers', about: 'ports' },
  },
  'deploy/job-failed': {
    objects: [job('bad', 'exit 2')],
    async act({ statuses }) {
      await statuses.pod('Job', 'bad', { phase: 'Failed', containers: [{ state: ended(2) }] })
      await statuses.jobFailed('bad', 'Job has reached the specified backoff limit')
    },
    failure: { object: 'job/bad', exitCode: 2 },
  },
  'deploy/quota-exceeded': deploymentCondition(
    'ReplicaFailure',
    'FailedCreate',
    'pods "bad" is forbidden: exceeded quota: small, requested: pods=1',
  ),
  'deploy/pods-refused': deploymentCondition(
    'ReplicaFailure',
    'FailedCreate',
    'pods "bad" is forbidden: violates PodSecurity "restricted:latest"',
  ),
  'deploy/rollout-stalled': deploymentCondition(
    'Progressing',
    'ProgressDeadlineExceeded',
    'ReplicaSet "bad-1" has timed out progressing.',
  ),
  'deploy/deleted': {
    objects: [bad],
    async act({ looked, api, name }) {
      await looked
      await api.client.delete({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'bad',
        namespace: name,
      })
    },
  },
  // It ends no deploy: it is named beside what does.
  'deploy/node-not-ready': {
    objects: [bad, deployment('away', {}, { nodeName: 'lost-node' })],
    async act({ statuses, api }) {
      const node = '/api/v1/nodes'
      await api.send('POST', node, { metadata: { name: 'lost-node' } })
      await api.send(
        'PATCH',
        `${node}/lost-node/status`,
        { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
        'application/merge-patch+json',
      )
      await statuses.pod('Deployment', 'away', { phase: 'Running' })
      await statuses.pod('Deployment', 'bad', { containers: [waiting('InvalidImageName')] })
    },
    failure: {
      code: 'deploy/image-name-invalid',
      also: [{ object: 'deployment/away', code: 'deploy/node-not-ready', reason: 'NodeNotReady' }],
    },
  },
  'deploy/not-ready': {
    objects: [bad],
    act: ({ statuses }) => statuses.pod('Deployment', 'bad', { phase: 'Running' }),
    options: { timeoutMs: 100_000 },
    failure: { reason: 'not ready after 100 s', object: 'deployment/bad' },
  },
  'deploy/forbidden': {
    objects: [bad],
    client: (cluster) => withoutRightsOn('apps', cluster),
    failure: { reason: 'Forbidden' },
  },
  'deploy/unauthorized': {
    objects: [bad],
    // The token expires between the first requests and the first change of a Deployment.
    client: async ({ api }) => {
      const expired = connectTestApi({ ...inject('api'), token: 'expired' }).client
      return {
        ...api.client,
        apply: (object, options) =>
          (object.kind === 'Deployment' ? expired : api.client).apply(object, options),
      }
    },
    failure: { reason: 'Unauthorized' },
  },
  'deploy/invalid-object': {
    objects: [deployment('bad', { ports: [{ containerPort: 99_999 }] })],
    failure: { reason: 'Invalid', message: expect.stringContaining('containerPort') },
  },
  'deploy/kind-not-found': {
    objects: [bad],
    // Somebody deletes the namespace in the middle.
    client: async ({ api, name }) => ({
      ...api.client,
      async apply(object, options) {
        if (object.kind === 'Deployment') {
          await api.client.delete({ apiVersion: 'v1', kind: 'Namespace', name })
          await finalizeNamespace(api, name)
        }
        return api.client.apply(object, options)
      },
    }),
    failure: { reason: 'NotFound' },
  },
  'deploy/object-too-large': {
    objects: [configMap('bad', { a: 'a'.repeat(3_500_000) })],
    failure: { object: 'configmap/bad', reason: 'RequestEntityTooLarge' },
  },
  'deploy/foreign-object': {
    objects: [configMap('ours', {}), bad],
    async before({ api, name }) {
      await api.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
      await api.client.create({ ...bad, metadata: { name: 'bad', namespace: name } })
    },
    failure: { object: 'deployment/bad', reason: 'AlreadyExists' },
  },
  'deploy/refused': {
    objects: [{ ...configMap('bad', {}), colour: 'red' }],
    failure: { object: 'configmap/bad' },
  },
}

const withoutNumbers = (text: string) => text.replace(/\d+/g, 'N')

describe
  .skipIf(!sharedApi().bare)
  .concurrent(
    'each failure, by written statuses and events (needs an API server without controllers)',
    () => {
      for (const [code, { objects, act, before, client, options, failure }] of Object.entries(
        cases,
      )) {
        const cluster = apiNamespace(code.slice('deploy/'.length))
        test(code, async () => {
          const { api, name } = cluster
          await before?.(cluster)
          const events: DeployEvent[] = []
          let look = () => {}
          const looked = new Promise<void>((resolve) => {
            look = resolve
          })
          const deploying = deployRelease({
            client: (await client?.(cluster)) ?? api.client,
            objects,
            release: 'broken',
            namespace: name,
            clock,
            timeoutMs: 400_000,
            onEvent(event) {
              events.push(event)
              if (event.type === 'wait' && event.object.endsWith('/bad')) look()
            },
            ...options,
          })
          const [verdict] = await Promise.all([deploying, act?.({ ...cluster, looked })])
          expect(verdict).toMatchObject({ state: 'failed', failure: { code, ...failure } })
          expect(verdict.failure?.hint).toMatch(/\w{3}/)
          const { code: given, reason } = verdict.failure as Failure
          expect(failureCodes[given].reasons.map(withoutNumbers)).toContain(withoutNumbers(reason))
          expect(events.at(-1)).toEqual({ type: 'verdict', verdict })
        })
      }
    },
  )
