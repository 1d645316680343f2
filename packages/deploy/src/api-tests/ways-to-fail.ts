import {
  FILL_VOLUMES,
  type KubeClient,
  type KubeObject,
  printFillSteps,
  type ReleaseChecks,
} from '@landfall/kube'
import { type ApiNamespace, type ContainerState, deployment, waiting } from '@landfall/testkit'
import type { Failure } from '../events.ts'
import type { DeployOptions } from '../index.ts'

/** How a deploy fails. */
export interface FailureCase {
  objects: KubeObject[]
  /** What the cluster does meanwhile; `looked` is fulfilled when the deploy has looked at `bad` once. */
  act?: (cluster: ApiNamespace & { looked: Promise<void> }) => Promise<unknown>
  /** How the deploy reaches the cluster. */
  client?: (cluster: ApiNamespace) => Promise<KubeClient>
  before?: (cluster: ApiNamespace) => Promise<unknown>
  options?: Partial<DeployOptions>
  failure?: Partial<Failure>
}

export const bad = deployment('bad')

/** A pod whose container waits in a state that the kubelet reports. */
export const containerWaits = (reason: string, message = ''): FailureCase => ({
  objects: [bad],
  act: ({ statuses }) =>
    statuses.pod('Deployment', 'bad', { containers: [waiting(reason, message)] }),
  failure: { reason, container: 'bad' },
})

/** A pod whose image cannot be pulled. */
export const pullFails = (answer: string, count = 1): FailureCase => ({
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
export const notScheduled = (message: string, pod = bad): FailureCase => ({
  objects: [pod],
  act: ({ statuses }) =>
    statuses.pod('Deployment', 'bad', {
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    }),
  failure: { reason: 'Unschedulable', message },
})

/** A pod that does not get as far as its containers. */
export const notMade = (reason: string, message: string): FailureCase => ({
  objects: [bad],
  async act({ statuses }) {
    const pod = await statuses.pod('Deployment', 'bad', {})
    await statuses.event(pod, reason, message, { count: 3 })
  },
  failure: { reason, message },
})

/** A program that has ended several times since the deploy began. */
export const endsAgain = (
  end: ContainerState,
  failure: Partial<Failure>,
  object = bad,
): FailureCase => ({
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

export const deploymentCondition = (
  type: string,
  reason: string,
  message: string,
): FailureCase => ({
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

export const annotated = (annotations: Record<string, string>): KubeObject => ({
  ...bad,
  metadata: { ...bad.metadata, annotations: { ...bad.metadata.annotations, ...annotations } },
})

export const withClaim = deployment(
  'bad',
  {},
  {
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
)

/** It waits until a tree has been copied into its claim. */
export const awaiting: KubeObject = deployment(
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

export const published: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'bad', annotations: { 'landfall.dev/published': '8080:80' } },
  spec: { type: 'NodePort', selector: { app: 'bad' }, ports: [{ port: 80 }] },
}

/** A user with the rights on all kinds of the namespace but one. */
export async function withoutRightsOn(
  apiGroup: string,
  { api, name }: ApiNamespace,
): Promise<KubeClient> {
  const at = `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}`
  const groups = ['', 'apps', 'batch'].filter((group) => group !== apiGroup)
  await api.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await api.send('POST', `${at}/roles`, {
    metadata: { name: 'most' },
    rules: [
      { apiGroups: groups, resources: ['*'], verbs: ['*'] },
      { apiGroups: [apiGroup], resources: ['*'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['*'] },
    ],
  })
  await api.send('POST', `${at}/rolebindings`, {
    metadata: { name: 'most' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'most' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: `user-of-${name}` }],
  })
  return api.clientAs(`user-of-${name}`)
}

/** One check of one request. */
export const orderCheck: ReleaseChecks = {
  image: 'curlimages/curl:8.14.1',
  checks: [
    {
      name: 'order',
      source: 'landfall.yaml#/checks/order',
      withinMs: 5_000,
      steps: [
        {
          action: {
            kind: 'http',
            method: 'POST',
            url: 'http://bad/orders',
            headers: {},
            send: { json: { product: 1 } },
          },
        },
      ],
      secrets: [],
    },
  ],
}

/** A cluster whose nodes start test pods, and in which each request gets this response. */
export function withTestPods(client: KubeClient, response: string): KubeClient {
  return {
    ...client,
    async get(object, signal) {
      const found = await client.get(object, signal)
      if (found?.kind !== 'Pod' || !object.name.startsWith('landfall-check-')) return found
      return { ...found, status: { containerStatuses: [{ state: { running: {} } }] } }
    },
    exec: async () => ({ exitCode: 0, stdout: response, stderr: '' }),
  }
}
