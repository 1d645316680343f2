import { type KubeObject, shortHash, toLabelValue } from '@landfall/kube'
import type { WorkerConfig } from '../config.ts'
import type { Task } from '../protocol/task.ts'
import { PROGRESS_ANNOTATION, TASK_ANNOTATION, type TaskRecord } from './store/record.ts'

/** What objects are made with. */
export interface Surroundings {
  config: WorkerConfig
  /** The Deployment of the worker, with which its tasks go; undefined if it is in another namespace. */
  owner?: { name: string; uid: string }
}

/** The field manager of all objects of a worker. */
export const FIELD_MANAGER = 'fogflow-worker'

export const TASK_LABEL = 'fogflow.landfall.dev/task'
const WORKER_LABEL = 'fogflow.landfall.dev/worker'
const CODE_ANNOTATION = 'fogflow.landfall.dev/function'
const TASK_PORT = 8080

/** A user that is not root, for namespaces that demand one and images that name none. */
const NON_ROOT = { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000 }

/** The name of the objects of a task: a hash, because ids hold dots and capitals; of the worker too, because two can share a namespace. */
export function taskName(worker: string, taskId: string): string {
  return `task-${shortHash(JSON.stringify([worker, taskId]))}`
}

/** Selects the objects of all tasks of a worker. */
export function tasksOf({ id }: WorkerConfig): string {
  return `${WORKER_LABEL}=${toLabelValue(id)}`
}

/** What all objects of a worker have: they are deleted with it. */
export function sharedMetadata({ config, owner }: Surroundings) {
  return {
    namespace: config.namespace,
    labels: { [WORKER_LABEL]: toLabelValue(config.id) },
    ...(owner !== undefined && {
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', ...owner }],
    }),
  }
}

/** The port on which a task listens to its broker: not one on which it serves others. */
function taskPort({ servicePorts }: Task): number {
  let port = TASK_PORT
  while (servicePorts.includes(port)) port++
  return port
}

/** The address at which a task is reached, once its Service is there. */
export function referenceOf(service: KubeObject, task: Task, { config }: Surroundings): string {
  const port = taskPort(task)
  const { name } = service.metadata
  if (config.taskHost === undefined) return `http://${name}.${config.namespace}.svc:${port}`
  const ports = (service.spec?.ports ?? []) as { port: number; nodePort?: number }[]
  const nodePort = ports.find((one) => one.port === port)?.nodePort
  if (nodePort === undefined) throw new Error(`the Service ${name} has no node port yet`)
  return `http://${config.taskHost}:${nodePort}`
}

/** The Service of a task. */
export function serviceOf(task: Task, surroundings: Surroundings): KubeObject {
  const { config } = surroundings
  const own = { name: 'task', port: taskPort(task), targetPort: taskPort(task), protocol: 'TCP' }
  const others = task.servicePorts.map((port) => ({
    name: `service-${port}`,
    port,
    targetPort: port,
    protocol: 'TCP',
  }))
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(task, surroundings),
    spec: {
      type: config.taskHost === undefined ? 'ClusterIP' : 'NodePort',
      selector: { [TASK_LABEL]: taskName(config.id, task.id) },
      ports: [own, ...others],
    },
  }
}

/** The Deployment of a task, which also keeps what is known of it. The template depends on the plan alone: notes do not replace the pod. */
export function deploymentOf(record: TaskRecord, surroundings: Surroundings): KubeObject {
  const { task, progress, running } = record
  const { config } = surroundings
  const metadata = metadataOf(task, surroundings)
  const port = taskPort(task)
  const hasCode = task.code !== ''
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...metadata,
      annotations: {
        [TASK_ANNOTATION]: JSON.stringify(task.raw),
        [PROGRESS_ANNOTATION]: JSON.stringify(progress),
      },
    },
    spec: {
      replicas: running ? 1 : 0,
      // two pods of a task would write one output
      strategy: { type: 'Recreate' },
      revisionHistoryLimit: 1,
      selector: { matchLabels: { [TASK_LABEL]: metadata.name } },
      template: {
        metadata: {
          labels: metadata.labels,
          ...(hasCode && { annotations: { [CODE_ANNOTATION]: task.code } }),
        },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 5,
          securityContext: {
            seccompProfile: { type: 'RuntimeDefault' },
            ...(progress.nonRoot && NON_ROOT),
          },
          containers: [
            {
              name: 'task',
              image: task.image,
              env: [
                { name: 'myport', value: String(port) },
                {
                  name: 'adminCfg',
                  // a dollar sign would be read as a variable
                  value: adminCommands(task, progress.reference, config).replaceAll('$(', '$$('),
                },
              ],
              ports: [port, ...task.servicePorts].map((containerPort) => ({
                containerPort,
                protocol: 'TCP',
              })),
              readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
              resources: config.taskResources,
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
              },
              ...(hasCode && {
                volumeMounts: [
                  { name: 'function', mountPath: '/app/function.js', subPath: 'function.js' },
                ],
              }),
            },
          ],
          ...(hasCode && {
            volumes: [
              {
                name: 'function',
                downwardAPI: {
                  items: [
                    {
                      path: 'function.js',
                      fieldRef: { fieldPath: `metadata.annotations['${CODE_ANNOTATION}']` },
                    },
                  ],
                },
              },
            ],
          }),
        },
      },
    },
  }
}

/** The first configuration of a task; the same commands as its `/admin` takes. */
function adminCommands(task: Task, reference: string, { brokerUrl }: WorkerConfig): string {
  return JSON.stringify([
    { command: 'CONNECT_BROKER', brokerURL: brokerUrl },
    { command: 'SET_CORRELATORID', correlatorID: task.id },
    { command: 'SET_REFERENCE', url: reference },
    ...task.outputs.map(({ type, id }) => ({ command: 'SET_OUTPUTS', type, id })),
  ])
}

function metadataOf(task: Task, surroundings: Surroundings) {
  const name = taskName(surroundings.config.id, task.id)
  const { labels, ...shared } = sharedMetadata(surroundings)
  return {
    ...shared,
    name,
    labels: {
      [TASK_LABEL]: name,
      ...labels,
      'fogflow.landfall.dev/topology': toLabelValue(task.topology),
      'fogflow.landfall.dev/task-name': toLabelValue(task.name),
    },
  }
}
