import type { Clock, CollectionReference, KubeClient, KubeObject } from '@landfall/kube'
import { TASK_LABEL } from './objects.ts'

/** The objects of all tasks of a worker, as the API server last reported them. */
export interface Cluster {
  deployment(name: string): KubeObject | undefined
  pods(name: string): KubeObject[]
  /** Everything was listed, and the API server answers. */
  isCurrent(): boolean
  /** Keeps them up to date until the signal is aborted. A server that does not answer, or refuses, is tried again for ever. */
  follow(): Promise<void>
}

export interface ClusterOptions {
  client: KubeClient
  namespace: string
  labelSelector: string
  clock: Clock
  signal: AbortSignal
  /** Something of a task changed. */
  onChange(name: string): void
  /** A Deployment is gone. */
  onGone(name: string, uid: string): void
  onLost(error: Error): void
}

const PAUSE_MS = 2_000

/** Follows Deployments and pods. */
export function clusterOf(options: ClusterOptions): Cluster {
  const { client, namespace, labelSelector, clock, signal, onChange, onGone, onLost } = options
  const deployments = new Map<string, KubeObject>()
  const pods = new Map<string, KubeObject>()
  const current = { deployments: false, pods: false }
  const nameIn = ({ metadata }: KubeObject): string => metadata.labels?.[TASK_LABEL] ?? ''

  const followOne = async (
    which: keyof typeof current,
    collection: CollectionReference,
    objects: Map<string, KubeObject>,
  ): Promise<void> => {
    const keyOf = ({ metadata }: KubeObject): string =>
      which === 'deployments' ? metadata.name : String(metadata.uid)
    const remove = (object: KubeObject): void => {
      objects.delete(keyOf(object))
      if (which === 'deployments') onGone(nameIn(object), String(object.metadata.uid))
      onChange(nameIn(object))
    }
    const keep = (object: KubeObject): void => {
      objects.set(keyOf(object), object)
      onChange(nameIn(object))
    }
    while (!signal.aborted) {
      try {
        for await (const step of client.watch(collection, { labelSelector, signal })) {
          current[which] = step.type !== 'lost'
          if (step.type === 'listed') {
            const listed = new Set(step.objects.map(({ metadata }) => metadata.uid))
            const gone = [...objects.values()].filter(({ metadata }) => !listed.has(metadata.uid))
            gone.forEach(remove)
            step.objects.forEach(keep)
          } else if (step.type === 'changed') keep(step.object)
          else if (step.type === 'removed') remove(step.object)
          else if (step.type === 'lost') onLost(step.error)
        }
      } catch (error) {
        if (signal.aborted) return
        current[which] = false
        onLost(error as Error)
        await clock.sleep(PAUSE_MS, signal).catch(() => {})
      }
    }
  }
  return {
    deployment: (name) => deployments.get(name),
    pods: (name) => [...pods.values()].filter((pod) => nameIn(pod) === name),
    isCurrent: () => current.deployments && current.pods,
    async follow() {
      await Promise.all([
        followOne(
          'deployments',
          { apiVersion: 'apps/v1', kind: 'Deployment', namespace },
          deployments,
        ),
        followOne('pods', { apiVersion: 'v1', kind: 'Pod', namespace }, pods),
      ])
    },
  }
}
