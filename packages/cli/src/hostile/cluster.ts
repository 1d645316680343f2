import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// biome-ignore lint/suspicious/noExplicitAny: answers of an API server, which hostile ones change
export type Json = any

/** One way of a server to be hostile; what it does not handle (false) is answered as by an ordinary API server. */
export type Mode = (request: IncomingMessage, response: ServerResponse, ordinary: Json) => boolean

const RELEASE = { 'landfall.dev/release': 'demo' }
const META = { namespace: 'demo', labels: { ...RELEASE }, resourceVersion: '7', generation: 1 }
const POD_SPEC = {
  initContainers: [{ name: 'wait-for-db', image: 'curl' }],
  containers: [{ name: 'web', image: 'i' }],
  nodeName: 'n1',
}
const run = (name: string, state: object) => ({
  name,
  image: 'i',
  ready: true,
  restartCount: 0,
  state,
})

/** What a namespace with a release holds, by the path of the collection. */
function objects(): Record<string, Json[]> {
  const pod = (name: string, waits: boolean) => ({
    metadata: {
      ...META,
      name,
      uid: name,
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'rs', controller: true }],
    },
    spec: POD_SPEC,
    status: {
      phase: waits ? 'Pending' : 'Running',
      podIP: '10.0.0.9',
      conditions: [{ type: 'Ready', status: waits ? 'False' : 'True' }],
      initContainerStatuses: [
        run('wait-for-db', waits ? { running: {} } : { terminated: { exitCode: 0 } }),
      ],
      containerStatuses: [
        {
          ...run('web', waits ? { waiting: { reason: 'PodInitializing' } } : { running: {} }),
          lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'ended' } },
        },
      ],
    },
  })
  const entries = ['Deployment/web', 'Job/seed', 'Service/web'].map((id) => ({
    apiVersion: id.startsWith('S') ? 'v1' : id.startsWith('J') ? 'batch/v1' : 'apps/v1',
    kind: id.split('/')[0],
    name: id.split('/')[1],
    revision: 1,
  }))
  const workload = { selector: { matchLabels: {} }, template: { spec: POD_SPEC } }
  return {
    '/api/v1/namespaces': [{ metadata: { name: 'demo', uid: 'ns', labels: { ...RELEASE } } }],
    '/api/v1/namespaces/demo/configmaps': [
      {
        metadata: { ...META, name: 'landfall-release-demo', uid: 'inventory' },
        data: { inventory: JSON.stringify({ revision: 1, entries }) },
      },
    ],
    '/api/v1/namespaces/demo/pods': [pod('web-1-a', false), pod('web-1-b', true)],
    '/api/v1/namespaces/demo/services': [
      {
        metadata: { ...META, name: 'web', uid: 'service' },
        spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080, protocol: 'TCP' }] },
        status: { loadBalancer: { ingress: [] } },
      },
    ],
    '/api/v1/namespaces/demo/persistentvolumeclaims': [
      { metadata: { ...META, name: 'data', uid: 'claim' }, spec: {}, status: { phase: 'Pending' } },
    ],
    '/api/v1/namespaces/demo/events': [
      {
        metadata: { ...META, name: 'e1', uid: 'e1' },
        involvedObject: { kind: 'Pod', name: 'web-1-b', uid: 'web-1-b', fieldPath: 'spec{web}' },
        reason: 'Unhealthy',
        message: 'Readiness probe failed',
        count: 2,
        lastTimestamp: '2026-01-01T00:00:00Z',
      },
    ],
    '/api/v1/nodes': [
      {
        metadata: { name: 'n1', uid: 'n1' },
        status: { addresses: [{ type: 'InternalIP', address: '127.0.0.1' }], conditions: [] },
      },
    ],
    '/apis/apps/v1/namespaces/demo/deployments': [
      {
        metadata: {
          ...META,
          name: 'web',
          uid: 'd',
          annotations: { 'landfall.dev/source': 'c#/x' },
        },
        spec: { replicas: 2, ...workload },
        status: { observedGeneration: 1, replicas: 2, readyReplicas: 1, conditions: [] },
      },
    ],
    '/apis/apps/v1/namespaces/demo/replicasets': [
      {
        metadata: {
          ...META,
          name: 'web-1',
          uid: 'rs',
          ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'd', controller: true }],
        },
        spec: workload,
      },
    ],
    '/apis/batch/v1/namespaces/demo/jobs': [
      {
        metadata: { ...META, name: 'seed', uid: 'j' },
        spec: { completions: 1, ...workload },
        status: { failed: 1, conditions: [{ type: 'Failed', status: 'True', message: 'failed' }] },
      },
    ],
  }
}

const KINDS: Readonly<Record<string, string>> = {
  configmaps: 'ConfigMap',
  deployments: 'Deployment',
  events: 'Event',
  jobs: 'Job',
  leases: 'Lease',
  namespaces: 'Namespace',
  nodes: 'Node',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  pods: 'Pod',
  replicasets: 'ReplicaSet',
  secrets: 'Secret',
  serviceaccounts: 'ServiceAccount',
  services: 'Service',
}

const DISCOVERY: Readonly<Record<string, Json>> = {
  '/apis': { groups: [{ preferredVersion: { groupVersion: 'apps/v1' } }] },
  '/api/v1': {
    resources: [{ name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] }],
  },
  '/apis/coordination.k8s.io/v1': {
    resources: [{ name: 'leases', kind: 'Lease', namespaced: true, verbs: ['list'] }],
  },
  '/apis/apps/v1': {
    resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['list'] }],
  },
}

const NOT_FOUND = { kind: 'Status', code: 404, reason: 'NotFound', message: 'not found' }

/** What an ordinary API server answers; the same objects in the same order, and of what is written the Lease. */
function ordinaryAnswer(
  held: Record<string, Json[]>,
  method: string,
  path: string,
  body: string,
): Json {
  const known = DISCOVERY[path]
  if (known !== undefined) return known
  const [, collection = path, name] = /^(.*\/[a-z]+)\/([^/]+)$/.exec(path) ?? []
  const one = held[path] === undefined && KINDS[path.split('/').at(-1) ?? ''] === undefined
  const plural = (one ? collection : path).split('/').at(-1) ?? ''
  const apiVersion = /^\/apis?\/(?:[^/]+\/)?v1/.exec(path)?.[0].replace(/^\/apis?\//, '')
  const type = { apiVersion, kind: KINDS[plural] }
  if (method === 'PATCH' || method === 'POST') {
    const object = JSON.parse(body)
    const written = {
      ...object,
      metadata: { uid: 'new', resourceVersion: '8', ...object.metadata },
    }
    // a command reads the Lease again that it has written
    if (plural === 'leases') held[method === 'POST' ? path : collection] = [written]
    return written
  }
  if (!one) return { metadata: { resourceVersion: '9' }, items: held[path] ?? [] }
  const found = held[collection]?.find(({ metadata }) => metadata.name === name)
  if (method === 'DELETE' && found !== undefined)
    held[collection] = (held[collection] ?? []).filter((object) => object !== found)
  return found === undefined ? NOT_FOUND : { ...found, ...type }
}

/** Starts a real server that answers as an API server, but for what `mode` does. Returns its address, and what stops it. */
export async function hostileCluster(mode: Mode): Promise<{ url: string; stop: () => void }> {
  const held = objects()
  const server = createServer(async (request, response) => {
    response.on('error', () => {})
    let body = ''
    for await (const chunk of request) body += chunk
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    const watch = searchParams.get('watch') === 'true'
    const log = pathname.endsWith('/log')
    const answer = log
      ? '2026-01-01T00:00:00Z a line\n'
      : watch
        ? undefined
        : ordinaryAnswer(held, request.method ?? '', pathname, body)
    if (mode(request, response, answer)) return
    if (log) response.end(answer)
    else if (watch) response.flushHeaders()
    else response.writeHead(answer.code ?? 200).end(JSON.stringify(answer))
  })
  server.on('clientError', (_, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
