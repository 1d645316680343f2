import { required, type Shape } from './shape.ts'

/**
 * The fields of the kinds that Landfall reads. https://kubernetes.io/docs/reference/kubernetes-api/
 */
const META: Shape = {
  name: required('text'),
  namespace: 'text',
  uid: 'text',
  resourceVersion: 'text',
  generation: 'number',
  creationTimestamp: 'text',
  deletionTimestamp: 'text',
  labels: 'texts',
  annotations: 'texts',
  finalizers: ['text'],
  ownerReferences: [
    { kind: required('text'), name: required('text'), uid: 'text', controller: 'flag' },
  ],
}

const CONDITIONS: Shape = [
  { type: required('text'), status: 'text', reason: 'text', message: 'text' },
]

const CONTAINERS: Shape = [
  {
    name: required('text'),
    image: 'text',
    restartPolicy: 'text',
    command: ['text'],
    args: ['text'],
    env: [{ name: required('text'), value: 'text', valueFrom: 'object' }],
    envFrom: ['object'],
    ports: ['object'],
    volumeMounts: [{ name: required('text'), mountPath: 'text' }],
    readinessProbe: 'object',
    livenessProbe: 'object',
    startupProbe: 'object',
  },
]

const POD_SPEC: Shape = {
  containers: required(CONTAINERS),
  initContainers: CONTAINERS,
  nodeName: 'text',
  restartPolicy: 'text',
  volumes: [
    {
      name: required('text'),
      secret: { secretName: 'text' },
      configMap: { name: 'text' },
      persistentVolumeClaim: { claimName: 'text' },
      projected: { sources: ['object'] },
    },
  ],
}

const RUN: Shape = {
  waiting: { reason: 'text', message: 'text' },
  running: { startedAt: 'text' },
  terminated: {
    exitCode: required('number'),
    reason: 'text',
    message: 'text',
    startedAt: 'text',
    finishedAt: 'text',
  },
}

const CONTAINER_STATUSES: Shape = [
  {
    name: required('text'),
    image: 'text',
    imageID: 'text',
    ready: 'flag',
    restartCount: 'number',
    state: RUN,
    lastState: RUN,
  },
]

const TEMPLATE: Shape = {
  metadata: { labels: 'texts', annotations: 'texts' },
  spec: required(POD_SPEC),
}

/** The counts of all workloads. */
const WORKLOAD: Shape = {
  spec: required({
    replicas: 'number',
    completions: 'number',
    parallelism: 'number',
    backoffLimit: 'number',
    suspend: 'flag',
    updateStrategy: { type: 'text', rollingUpdate: { partition: 'number' } },
    selector: 'object',
    template: required(TEMPLATE),
    volumeClaimTemplates: ['object'],
  }),
  status: {
    observedGeneration: 'number',
    replicas: 'number',
    readyReplicas: 'number',
    updatedReplicas: 'number',
    availableReplicas: 'number',
    unavailableReplicas: 'number',
    desiredNumberScheduled: 'number',
    currentNumberScheduled: 'number',
    updatedNumberScheduled: 'number',
    numberReady: 'number',
    numberAvailable: 'number',
    active: 'number',
    failed: 'number',
    succeeded: 'number',
    currentRevision: 'text',
    updateRevision: 'text',
    conditions: CONDITIONS,
  },
}

const KINDS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  [
    'v1 Pod',
    {
      spec: required(POD_SPEC),
      status: {
        phase: 'text',
        reason: 'text',
        message: 'text',
        podIP: 'text',
        conditions: CONDITIONS,
        containerStatuses: CONTAINER_STATUSES,
        initContainerStatuses: CONTAINER_STATUSES,
      },
    },
  ],
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind): [string, Shape] => [
    `apps/v1 ${kind}`,
    WORKLOAD,
  ]),
  ['batch/v1 Job', WORKLOAD],
  [
    'v1 Event',
    {
      involvedObject: required({ kind: 'text', name: 'text', uid: 'text', fieldPath: 'text' }),
      reason: 'text',
      message: 'text',
      type: 'text',
      count: 'number',
      series: { count: 'number', lastObservedTime: 'text' },
      firstTimestamp: 'text',
      lastTimestamp: 'text',
      eventTime: 'text',
    },
  ],
  [
    'v1 Service',
    {
      spec: required({
        type: 'text',
        clusterIP: 'text',
        selector: 'texts',
        ports: [{ name: 'text', port: required('number'), nodePort: 'number', protocol: 'text' }],
      }),
      status: { loadBalancer: { ingress: [{ ip: 'text', hostname: 'text' }] } },
    },
  ],
  [
    'v1 PersistentVolumeClaim',
    {
      spec: {
        storageClassName: 'text',
        volumeName: 'text',
        accessModes: ['text'],
        resources: 'object',
      },
      status: { phase: 'text', conditions: CONDITIONS },
    },
  ],
  [
    'v1 Node',
    {
      spec: { unschedulable: 'flag', taints: [{ key: 'text', effect: 'text' }] },
      status: {
        addresses: [{ type: required('text'), address: required('text') }],
        conditions: CONDITIONS,
      },
    },
  ],
  ['v1 ConfigMap', { data: 'texts', binaryData: 'texts' }],
  ['v1 Secret', { data: 'texts', type: 'text' }],
  [
    'discovery.k8s.io/v1 EndpointSlice',
    {
      endpoints: [{ addresses: ['text'], conditions: { ready: 'flag', serving: 'flag' } }],
      ports: [{ name: 'text', port: 'number' }],
    },
  ],
])

/** What every object has, and what an object of this kind has. */
export function shapesOf(apiVersion: string, kind: string): Shape[] {
  const own = KINDS.get(`${apiVersion} ${kind}`)
  return [{ metadata: required(META) }, ...(own === undefined ? [] : [own])]
}
