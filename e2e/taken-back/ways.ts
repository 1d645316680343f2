import { setTimeout as pause } from 'node:timers/promises'
import type { DeployOptions, Failure, FailureCode } from '@landfall/deploy'
import type { KubeObject } from '@landfall/kube'
import { claim, configMap, deployment, job, type Namespace } from '@landfall/testkit'
import { expect } from 'vitest'

/** An update of the release that fails, on a cluster with a real kubelet. */
export interface Way {
  /** What the release becomes beside its web server; the server itself is replaced where one is named `web`. */
  objects: KubeObject[]
  failure?: Partial<Failure>
  /** What decides it: the first event with this reason; a verdict comes within 10 s of it. */
  decides?: { event: string; times?: number }
  options?: Partial<DeployOptions>
  before?: (namespace: Namespace) => Promise<unknown>
  during?: (namespace: Namespace) => Promise<unknown>
  after?: (namespace: Namespace) => Promise<unknown>
  /** The API server refuses it before anything is changed: there is nothing to take back. */
  untouched?: true
}

const PORT = 8000

/** A web server that says which version it is; another container or pod makes it fail. */
export function web(
  version: string,
  container: Record<string, unknown> = {},
  pod: Record<string, unknown> = {},
): KubeObject {
  const script = `mkdir -p /w; echo ${version} > /w/index.html; exec httpd -f -p ${PORT} -h /w`
  const made = deployment(
    'web',
    {
      command: ['sh', '-c', script],
      readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
      lifecycle: { preStop: { sleep: { seconds: 3 } } },
      ...container,
    },
    { terminationGracePeriodSeconds: 4, ...pod },
  )
  made.spec.strategy = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  return made
}

/** The Service by which the tests reach the web server; a program listens behind the first of its ports. */
export function serviceOf(ports: readonly number[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'web',
      annotations: {
        'landfall.dev/source': 'compose.yaml#/services/web',
        'landfall.dev/published': ports.map((port) => `80${port}:${port}`).join(),
      },
    },
    spec: {
      type: 'NodePort',
      selector: { app: 'web' },
      ports: ports.map((port, index) => ({ name: `p${port}`, port, targetPort: PORT + index })),
    },
  }
}

const crash = (script: string, rest: Record<string, unknown> = {}) =>
  web('bad', { command: ['sh', '-c', script], ...rest })

function withVolume(volume: Record<string, unknown>): KubeObject {
  const mount = { volumeMounts: [{ name: 'v', mountPath: '/v' }] }
  return web('bad', mount, { volumes: [{ name: 'v', ...volume }] })
}

function annotated(object: KubeObject, annotations: Record<string, string>): KubeObject {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...object.metadata.annotations, ...annotations },
    },
  }
}

/** A program that never gets ready, and a controller that gives up after 10 s. */
function stalled(): KubeObject {
  const made = web('bad', { readinessProbe: { exec: { command: ['false'] } } })
  made.spec.progressDeadlineSeconds = 10
  return made
}

/** Why a failure is not provoked here. */
type Elsewhere = string

/** One way into each failure; the compiler refuses the table when a code has none. */
export const ways: Record<FailureCode, Way | Elsewhere> = {
  'deploy/image-name-invalid': {
    objects: [web('bad', { image: 'No Image' })],
    decides: { event: 'InspectFailed' },
  },
  'deploy/image-not-found': 'needs a registry that the nodes reach with TLS (api-tests)',
  'deploy/image-access-denied': 'needs a registry with accounts (api-tests)',
  'deploy/image-wrong-platform': 'needs an image of another platform (api-tests)',
  'deploy/image-pull-limited': 'needs a registry that limits (api-tests)',
  'deploy/image-not-pulled': {
    objects: [web('bad', { image: 'registry.invalid:5000/x:1' })],
    decides: { event: 'Failed' },
  },
  'deploy/image-not-on-node': {
    objects: [web('bad', { image: 'landfall-tests/absent:1', imagePullPolicy: 'Never' })],
    decides: { event: 'ErrImageNeverPull' },
  },
  'deploy/container-user-refused': {
    objects: [web('bad', { securityContext: { runAsNonRoot: true } })],
    decides: { event: 'Failed' },
  },
  'deploy/reference-not-found': {
    objects: [
      web('bad', { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'no', key: 'k' } } }] }),
    ],
    decides: { event: 'Failed' },
  },
  'deploy/container-not-created': {
    objects: [
      web('bad', {
        securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'no.json' } },
      }),
    ],
    decides: { event: 'Failed' },
  },
  'deploy/tree-not-copied': 'needs a tree that cannot be read (api-tests)',
  'deploy/volume-not-mounted': {
    objects: [withVolume({ hostPath: { path: '/no/such/directory', type: 'Directory' } })],
    decides: { event: 'FailedMount', times: 3 },
  },
  'deploy/runtime-not-found': {
    objects: [web('bad', {}, { runtimeClassName: 'landfall-tests-none' })],
    before: (namespace) =>
      namespace.kubectl(
        ['apply', '-f', '-'],
        JSON.stringify({
          apiVersion: 'node.k8s.io/v1',
          kind: 'RuntimeClass',
          metadata: { name: 'landfall-tests-none' },
          handler: 'none',
        }),
      ),
    after: (namespace) => namespace.kubectl(['delete', 'runtimeclass', 'landfall-tests-none']),
    decides: { event: 'FailedCreatePodSandBox', times: 3 },
  },
  'deploy/pod-network-failed': 'needs a node whose network is broken (api-tests)',
  'deploy/insufficient-resources': {
    objects: [web('bad', { resources: { requests: { memory: '900Ti' } } })],
    decides: { event: 'FailedScheduling' },
  },
  'deploy/unschedulable': {
    objects: [web('bad', {}, { nodeSelector: { disk: 'none' } })],
    decides: { event: 'FailedScheduling' },
  },
  'deploy/claim-not-bound': {
    objects: [withVolume({ persistentVolumeClaim: { claimName: 'nope' } })],
    decides: { event: 'FailedScheduling' },
  },
  'deploy/provisioning-failed': {
    objects: [
      { ...claim('data'), spec: { ...claim('data').spec, storageClassName: 'nope' } },
      withVolume({ persistentVolumeClaim: { claimName: 'data' } }),
    ],
    decides: { event: 'ProvisioningFailed' },
  },
  'deploy/out-of-memory': {
    objects: [crash('tail /dev/zero', { resources: { limits: { memory: '24Mi' } } })],
    // a busy node may report the end of the program before it knows the cause
    failure: {
      code: expect.stringMatching(/^deploy\/(out-of-memory|program-killed)$/),
      reason: expect.stringMatching(/^(OOMKilled|exited with code 137)$/),
      hint: expect.stringContaining('more memory than its limit'),
    },
  },
  'deploy/command-not-found': { objects: [web('bad', { command: ['/no/such/program'] })] },
  'deploy/program-ended': {
    objects: [crash('echo done')],
    failure: { reason: 'exited with code 0', log: ['done'] },
  },
  'deploy/program-killed': {
    objects: [crash('exit 143')],
    failure: { reason: 'exited with code 143' },
  },
  'deploy/crash-loop': {
    objects: [crash('echo no database; exit 3')],
    failure: { reason: 'exited with code 3', exitCode: 3, log: ['no database'] },
  },
  'deploy/completed': 'ends no deploy: the program becomes a Job (e2e/one-shots)',
  'deploy/probe-failed': {
    objects: [
      web('bad', {
        livenessProbe: { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 },
        readinessProbe: { exec: { command: ['false'] } },
      }),
    ],
    failure: { reason: 'liveness probe failed' },
  },
  'deploy/unhealthy': {
    objects: [
      annotated(
        web('bad', { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } }),
        {
          'landfall.dev/unhealthy-after.web': '5',
        },
      ),
    ],
    failure: { reason: 'unhealthy' },
  },
  'deploy/port-closed': {
    objects: [web('two'), serviceOf([80, 81])],
    failure: { reason: 'nothing answers' },
  },
  'deploy/job-failed': {
    objects: [job('bad', 'echo no table; exit 2')],
    failure: { object: 'job/bad', exitCode: 2, log: ['no table'] },
  },
  'deploy/quota-exceeded': {
    objects: [web('bad')],
    before: (namespace) => namespace.kubectl(['create', 'quota', 'few', '--hard=pods=1']),
    after: (namespace) => namespace.kubectl(['delete', 'quota', 'few']),
    decides: { event: 'FailedCreate' },
  },
  'deploy/pods-refused': {
    objects: [web('bad', { securityContext: { privileged: true } })],
    before: (namespace) =>
      namespace.kubectl([
        'label',
        'namespace',
        namespace.name,
        'pod-security.kubernetes.io/enforce=baseline',
      ]),
    decides: { event: 'FailedCreate' },
  },
  'deploy/rollout-stalled': {
    objects: [stalled()],
  },
  'deploy/deleted': {
    objects: [
      web('bad', { readinessProbe: { exec: { command: ['false'] } } }),
      deployment('more', { readinessProbe: { exec: { command: ['false'] } } }),
    ],
    during: async (namespace) => {
      await namespace.kubectl(['wait', '--for=create', 'deployment/more', '--timeout=120s'])
      await pause(2_000)
      await namespace.kubectl(['delete', 'deployment', 'more'])
    },
    failure: { object: 'deployment/more' },
  },
  'deploy/effect-gone': 'needs a service that loses what a one-shot has written (e2e/one-shots)',
  'deploy/check-failed': 'needs a project with checks (e2e/checks)',
  'deploy/check-not-run': 'needs an account that may not run commands in pods (api-tests)',
  'deploy/node-not-ready': 'ends no deploy (e2e/power-cut)',
  'deploy/not-ready': {
    objects: [web('bad', { readinessProbe: { exec: { command: ['false'] } } })],
    options: { timeoutMs: 20_000 },
  },
  'deploy/forbidden': 'needs an account with fewer rights (api-tests)',
  'deploy/unauthorized': 'needs a token that expires (api-tests)',
  'deploy/invalid-object': { objects: [web('bad', { ports: [{ containerPort: 99_999 }] })] },
  'deploy/kind-not-found': 'needs a namespace that is deleted meanwhile (api-tests)',
  'deploy/object-too-large': {
    objects: [configMap('bad', { a: 'a'.repeat(3_500_000) })],
    failure: { object: 'configmap/bad' },
  },
  'deploy/foreign-object': {
    objects: [web('bad'), configMap('theirs', {})],
    before: (namespace) => namespace.kubectl(['create', 'configmap', 'theirs']),
    failure: { object: 'configmap/theirs' },
    untouched: true,
  },
  'deploy/conflict': {
    objects: [web('bad', { env: [{ name: 'A', value: '1' }] })],
    before: (namespace) => namespace.kubectl(['set', 'env', 'deployment/web', 'A=2']),
    untouched: true,
  },
  'deploy/refused': {
    objects: [{ ...configMap('bad', {}), colour: 'red' }],
    failure: { object: 'configmap/bad' },
  },
}
