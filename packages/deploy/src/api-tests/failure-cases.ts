import {
  claim,
  configMap,
  connectTestApi,
  deployment,
  ended,
  finalizeNamespace,
  job,
  running,
  waiting,
} from '@landfall/testkit'
import { expect, inject } from 'vitest'
import type { FailureCode } from '../failures/index.ts'
import { deployRelease } from '../index.ts'
import {
  annotated,
  awaiting,
  bad,
  containerWaits,
  deploymentCondition,
  endsAgain,
  type FailureCase,
  notMade,
  notScheduled,
  orderCheck,
  published,
  pullFails,
  withClaim,
  withoutRightsOn,
  withTestPods,
} from './ways-to-fail.ts'

/** One way into each failure; the compiler refuses the table when a code has none. */
export const failureCases: Record<FailureCode, FailureCase> = {
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
  'deploy/runtime-not-found': notMade(
    'FailedCreatePodSandBox',
    'Failed to create pod sandbox: rpc error: no runtime for "kata" is configured',
  ),
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
  'deploy/check-failed': {
    objects: [bad],
    act: ({ statuses }) => statuses.deploymentReady('bad'),
    client: async ({ api }) => withTestPods(api.client, 'HTTP/1.1 503 Busy\r\n\r\nno database'),
    options: { checks: orderCheck },
    failure: {
      object: 'check/order',
      reason: 'the check fails',
      source: 'landfall.yaml#/checks/order',
      message: 'POST http://bad/orders: status 503 instead of 2xx; got: no database',
    },
  },
  'deploy/check-not-run': {
    objects: [bad],
    // No node starts the test pod.
    act: ({ statuses }) => statuses.deploymentReady('bad'),
    options: { checks: orderCheck },
    failure: {
      object: 'check/order',
      reason: 'result unknown',
      message: 'the test pod does not start',
    },
  },
  'deploy/effect-gone': {
    objects: [
      {
        ...job('bad', 'exit 0'),
        metadata: {
          name: 'bad',
          annotations: { 'landfall.dev/done-when': 'http 2xx http://store/key v1' },
        },
      },
    ],
    act: ({ statuses }) => statuses.jobComplete('bad'),
    client: async ({ api }) =>
      withTestPods(api.client, 'HTTP/1.1 404 Not Found\r\n\r\nno such key'),
    options: { checkImage: 'curlimages/curl:8.14.1' },
    failure: {
      object: 'job/bad',
      reason: 'its effect is gone',
      message: expect.stringContaining(
        'GET http://store/key: status 404 instead of 2xx; got: no such key',
      ),
    },
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
  'deploy/conflict': {
    objects: [configMap('bad', { a: '1' })],
    async before({ api: { client, send }, name }) {
      const mine = configMap('bad', { a: '1' })
      await deployRelease({ client, objects: [mine], release: 'broken', namespace: name })
      const path = `/api/v1/namespaces/${name}/configmaps/bad?fieldManager=kubectl-edit`
      await send('PATCH', path, { data: { a: '2' } }, 'application/merge-patch+json')
    },
    failure: {
      object: 'configmap/bad',
      message: expect.stringMatching(/kubectl-edit has set data\.a/),
    },
  },
  'deploy/refused': {
    objects: [{ ...configMap('bad', {}), colour: 'red' }],
    failure: { object: 'configmap/bad' },
  },
}
