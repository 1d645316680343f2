import { type KubeClient, type KubeObject, StatusError } from '@landfall/kube'
import {
  deploymentOf,
  FIELD_MANAGER,
  referenceOf,
  type Surroundings,
  serviceOf,
  taskName,
  tasksOf,
} from '../objects.ts'
import { atMost } from '../serial.ts'
import { readRecord, type TaskRecord } from './record.ts'

/** Writes at the same time. More of them are not done sooner, and nothing else gets through in between. */
const AT_ONCE = 4

/** A task, and how far its objects are with it. */
export interface Tracked {
  record: TaskRecord
  /** What its Deployment keeps; undefined if it has none. */
  savedText?: string | undefined
  /** Of its Deployment. */
  uid?: string
  generation: number
  /** Of its Deployment, as this run has written or found it: a number that grows. */
  version: number
  hasService: boolean
  reported?: string | undefined
  cleaned: boolean
  /** Attempts in a row that failed. */
  failures: number
  /** Why the API server refuses its objects. */
  refusal?: string | undefined
}

/** The objects of tasks: the only place that writes to the cluster. All throw as the client does. */
export interface Store {
  /** Makes the Deployment what the record says. A node port is part of it, so that then the Service comes first. */
  save(tracked: Tracked): Promise<void>
  /** Makes the Service. */
  serve(tracked: Tracked): Promise<void>
  delete(tracked: Tracked): Promise<void>
  /** Deletes a Deployment that is as it is given, and the Service of its task. */
  discard(deployment: KubeObject): Promise<void>
  /** Finds the tasks of an earlier run of this worker. Services without a task are deleted: their task is added again. */
  recover(onUnreadable: (name: string) => void): Promise<Tracked[]>
}

export function storeIn(client: KubeClient, surroundings: Surroundings): Store {
  const { config } = surroundings
  const { namespace } = config
  const reference = (apiVersion: string, kind: string, name: string) => ({
    ...{ apiVersion, kind, name, namespace },
  })
  const inTurn = atMost(AT_ONCE)
  const apply = async (object: KubeObject): Promise<KubeObject> =>
    (await inTurn(() => client.apply(object, { fieldManager: FIELD_MANAGER }))).object
  const remove = (apiVersion: string, kind: string, name: string) =>
    inTurn(() => client.delete(reference(apiVersion, kind, name)))
  const deleteService = (name: string) => remove('v1', 'Service', name)
  const serve = async (tracked: Tracked): Promise<KubeObject> => {
    const service = await apply(serviceOf(tracked.record.task, surroundings))
    tracked.hasService = true
    return service
  }
  return {
    async serve(tracked) {
      await serve(tracked)
    },
    async save(tracked) {
      const { task, progress } = tracked.record
      if (progress.reference === '') {
        const service =
          config.taskHost === undefined ? serviceOf(task, surroundings) : await serve(tracked)
        const reference = referenceOf(service, task, surroundings)
        tracked.record = { ...tracked.record, progress: { ...progress, reference } }
      }
      const text = textOf(tracked.record)
      const { metadata } = await apply(deploymentOf(tracked.record, surroundings))
      tracked.savedText = text
      tracked.uid = String(metadata.uid)
      tracked.generation = Number(metadata.generation ?? 0)
      tracked.version = Number(metadata.resourceVersion)
      tracked.refusal = undefined
    },
    async delete({ record }) {
      const name = taskName(config.id, record.task.id)
      await deleteService(name)
      await remove('apps/v1', 'Deployment', name)
    },
    async discard({ metadata: { name, uid } }) {
      await deleteService(name)
      const deployment = reference('apps/v1', 'Deployment', name)
      await inTurn(() => client.delete(deployment, { uid: String(uid) }))
    },
    async recover(onUnreadable) {
      const selection = { labelSelector: tasksOf(config) }
      const [deployments, services] = await Promise.all([
        client.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace }, selection),
        client.list({ apiVersion: 'v1', kind: 'Service', namespace }, selection),
      ])
      const named = new Set(services.items.map(({ metadata }) => metadata.name))
      const found = deployments.items.flatMap((object): Tracked[] => {
        const { name } = object.metadata
        const record = readRecord(object)
        const hasService = named.delete(name)
        if (record === undefined) onUnreadable(name)
        if (record === undefined || object.metadata.deletionTimestamp !== undefined) return []
        return [{ ...trackedOf(object, record), hasService }]
      })
      for (const name of named) await deleteService(name)
      return found
    },
  }
}

/** A task as its Deployment keeps it, with a Service yet to be made. */
export function trackedOf({ metadata }: KubeObject, record: TaskRecord): Tracked {
  return {
    record,
    savedText: textOf(record),
    uid: String(metadata.uid),
    generation: Number(metadata.generation ?? 0),
    version: Number(metadata.resourceVersion),
    hasService: false,
    cleaned: false,
    failures: 0,
  }
}

/** The text of a record: two are the same if their texts are. */
export function textOf({ task, progress, running }: TaskRecord): string {
  return JSON.stringify([task.raw, progress, running])
}

/** Why the API server refuses an object for what it is; undefined for what passes by itself. */
export function refusalIn(error: unknown): string | undefined {
  if (!(error instanceof StatusError)) return undefined
  const { code } = error.status
  return code >= 400 && code < 500 && code !== 409 && code !== 429 ? error.message : undefined
}
