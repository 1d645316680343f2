import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock, Fetch, KubeObject } from '@landfall/kube'
import type { Json, RabbitMq, TestApi } from '@landfall/testkit'
import { parseConfig } from '../config.ts'
import { TASK_LABEL, taskName } from '../tasks/objects.ts'
import { startWorker, type Worker } from '../worker.ts'
import { type ScriptedBroker, scriptedBroker } from './broker.ts'
import { type ScriptedMaster, scriptedMaster, type Wire, wireTo } from './master.ts'

/** Everything around a worker: RabbitMQ and an API server, a scripted master and broker, and what makes pods ready. */
export interface World {
  master: ScriptedMaster
  broker: ScriptedBroker
  wire: Wire
  /** Starts a worker of the site, with more keys of its config.json, and a network of its own to the API and the broker. */
  start(
    site: string,
    more?: object,
    change?: (fetch: Fetch) => Fetch,
    log?: (text: string) => void,
  ): Worker
  /** The Deployment of a task. */
  deployment(worker: string, task: string): Promise<KubeObject | undefined>
  /** Ids of the tasks that have a pod. */
  running(): Promise<string[]>
  /** Messages that workers have stored together. */
  stored(): Promise<string[]>
  /** Services of tasks. */
  services(): Promise<KubeObject[]>
  /** Pods do not become ready. */
  kubelet: { paused: boolean }
  close(): Promise<void>
}

/** Ten times as fast as ours: nobody waits ten seconds for a heartbeat. */
const SPEED = 10
const began = Date.now()
const now = (): number => began + (Date.now() - began) * SPEED
const clock: Clock = {
  now,
  async sleep(ms, signal) {
    await pause(ms / SPEED, undefined, signal === undefined ? {} : { signal })
  },
}

export async function world(api: TestApi, namespace: string, rabbit: RabbitMq): Promise<World> {
  const [master, broker, wire] = await Promise.all([
    scriptedMaster(rabbit),
    scriptedBroker(),
    wireTo(rabbit),
  ])
  const over = new AbortController()
  const kubelet = { paused: false }
  await api.client.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  })
  void keepPodsReady(api, namespace, kubelet, over.signal)
  const list = async (apiVersion: string, kind: string): Promise<KubeObject[]> =>
    (await api.client.list({ apiVersion, kind, namespace })).items.filter(
      ({ metadata }) => metadata.labels?.[TASK_LABEL] !== undefined,
    )
  const workers: Worker[] = []
  return {
    master,
    broker,
    wire,
    kubelet,
    start(site, more = {}, change = (fetch) => fetch, log = () => {}) {
      const config = parseConfig(
        JSON.stringify({
          site_id: site,
          my_hostip: '127.0.0.1',
          physical_location: { latitude: 35.6, longitude: 139.7 },
          broker: { http_port: broker.port },
          rabbitmq: { port: wire.port, username: rabbit.username, password: rabbit.password },
          ...more,
        }),
        namespace,
      )
      const worker = startWorker({
        ...{ config, clock, now, arch: 'x64', run: randomUUID() },
        client: api.clientOver(change),
        fetch: change(async (url, init) => (await fetch(url, init)) as Awaited<ReturnType<Fetch>>),
        // no pod runs here
        connects: async () => true,
        log: (_about, text) => log(text),
      })
      workers.push(worker)
      return worker
    },
    deployment: (worker, task) =>
      api.client.get({
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: taskName(worker, task) },
      }),
    async running() {
      const deployments = await list('apps/v1', 'Deployment')
      return deployments
        .filter(({ spec }) => spec.replicas === 1)
        .map(
          ({ metadata }) =>
            JSON.parse(metadata.annotations?.['fogflow.landfall.dev/task'] ?? '{}').ID,
        )
        .sort()
    },
    async stored() {
      const maps = await api.client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace })
      return maps.items.flatMap(({ data }) => JSON.parse(data?.messages ?? '[]'))
    },
    services: () => list('v1', 'Service'),
    async close() {
      await Promise.all(workers.map((worker) => worker.stop('replaced')))
      over.abort()
      await master.close()
      broker.close()
      wire.close()
    },
  }
}

/** What controllers and kubelets do: a Deployment of one pod is ready soon, one without pods has none. */
async function keepPodsReady(
  api: TestApi,
  namespace: string,
  kubelet: { paused: boolean },
  signal: AbortSignal,
): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`
  while (!signal.aborted) {
    await pause(100, undefined, { signal }).catch(() => {})
    if (kubelet.paused || signal.aborted) continue
    const { items } = await api.send('GET', path).catch(() => ({ items: [] }))
    const stale = (items as Json[]).filter(
      ({ metadata, status = {} }) => status.observedGeneration !== metadata.generation,
    )
    await Promise.all(
      stale.map(({ metadata, spec }) => {
        const { replicas } = spec
        const status = {
          observedGeneration: metadata.generation,
          ...{ replicas, updatedReplicas: replicas, readyReplicas: replicas },
          availableReplicas: replicas,
        }
        return api
          .send(
            'PATCH',
            `${path}/${metadata.name}/status`,
            { status },
            'application/merge-patch+json',
          )
          .catch(() => {})
      }),
    )
  }
}

/** The payload of ADD_TASK, as FogFlow's master sends it. */
export function plan(id: string, worker: string, more: object = {}) {
  const number = id.split('.').at(-1)
  return {
    ...{ ID: id, TopologyName: 'Test', TaskName: 'Main', ServiceIntentID: 'ServiceIntent.1' },
    ...{ OperatorName: 'counter', TaskType: '', FunctionCode: '' },
    ...{ DockerImage: 'fogflow/counter:latest', Parameters: [], WorkerID: worker },
    ...{ IsExclusive: false, PriorityLevel: 0, Status: 'scheduled' },
    Inputs: [{ Type: 'Temperature', ID: `Device.${number}`, AttributeList: ['all'] }],
    Outputs: [{ Type: 'Out', StreamID: `Out.${number}.1`, Annotations: null }],
    ...more,
  }
}
