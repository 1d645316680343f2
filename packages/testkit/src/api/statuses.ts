import type { KubeObject } from '@landfall/kube'
import { eventually } from '../eventually.ts'
import type { Json } from '../namespace.ts'
import type { TestApi } from './api.ts'
import { pathIn } from './paths.ts'
import { ended, statusOf, timeAgo, type WrittenPod } from './pod-status.ts'

/** What controllers and kubelets would write in a namespace; does nothing on a cluster that has them. */
export interface Statuses {
  /** A pod of the present template for each replica, ready for so long, and a Deployment that is available. Waits for the object. */
  deploymentReady(name: string, secondsAgo?: number): Promise<void>
  /** A Deployment that is available, whose pods are written. */
  available(name: string): Promise<void>
  /** One pod of the present template, as described; gives it. Waits for the workload. */
  pod(workload: 'Deployment' | 'Job', name: string, pod: WrittenPod): Promise<KubeObject>
  /** A pod as it is from now on. */
  podStatus(pod: KubeObject, written: WrittenPod): Promise<void>
  jobComplete(name: string): Promise<void>
  jobFailed(name: string, message: string): Promise<void>
  /** The status of any object. */
  status(kind: string, name: string, status: object): Promise<void>
  /** An event about an object, or about one of its containers, which has occurred so often. */
  event(
    about: KubeObject,
    reason: string,
    message: string,
    more?: { container?: string; count?: number },
  ): Promise<void>
}

export function statusesIn(api: TestApi, namespace: string): Statuses {
  const path = (kind: string, name?: string) => pathIn(namespace, kind, name)
  const read = (kind: string, name: string): Promise<Json> => api.send('GET', path(kind, name))
  const patch = (at: string, body: object): Promise<Json> =>
    api.send('PATCH', at, body, 'application/merge-patch+json')
  const status = async (kind: string, name: string, written: object): Promise<void> => {
    if (api.bare) await patch(`${path(kind, name)}/status`, { status: written })
  }
  /** The workload, once it has no status of its present generation, or of its present run. */
  const unseen = (kind: string, name: string): Promise<Json> =>
    eventually(
      100_000,
      async () => {
        const object = await read(kind, name)
        const { generation, deletionTimestamp } = object.metadata
        const { observedGeneration, startTime } = object.status ?? {}
        const seen = kind === 'Job' ? startTime !== undefined : observedGeneration === generation
        if (deletionTimestamp !== undefined || seen) throw new Error(`${kind} ${name} is not new`)
        return object
      },
      50,
    )

  /** The ReplicaSet of the present template, as the Deployment controller makes it: a changed template is a new revision. */
  const replicaSetOf = async (deployment: Json): Promise<Json> => {
    const { name, uid, generation } = deployment.metadata
    const hash = `h${generation}`
    const revision = { 'deployment.kubernetes.io/revision': String(generation) }
    await patch(path('Deployment', name), { metadata: { annotations: revision } })
    const { template, selector } = deployment.spec
    return api.send('POST', path('ReplicaSet'), {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        annotations: revision,
        ownerReferences: [owner('apps/v1', 'Deployment', name, uid)],
      },
      spec: { replicas: deployment.spec.replicas, selector, template: labelled(template, hash) },
    })
  }

  const makePod = async (of: Json, template: Json, number: number): Promise<Json> =>
    api.send('POST', path('Pod'), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${of.metadata.name}-${number}`,
        labels: template.metadata?.labels,
        ownerReferences: [owner(of.apiVersion, of.kind, of.metadata.name, of.metadata.uid)],
      },
      spec: template.spec,
    })

  const podStatus = (pod: Json, written: WrittenPod): Promise<void> =>
    status('Pod', pod.metadata.name, statusOf(pod, written))

  const observe = async (deployment: Json, ready: number): Promise<void> => {
    const { name } = deployment.metadata
    const replicas = deployment.spec.replicas
    await status('Deployment', name, {
      // The annotation of the revision has made it a new one.
      observedGeneration: (await read('Deployment', name)).metadata.generation,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
      unavailableReplicas: replicas - ready,
    })
  }

  /** Pods of an earlier template end when those of the new one are there. */
  const endOthers = async (deployment: Json, replicaSet: Json): Promise<void> => {
    const sets: Json[] = (await api.send('GET', path('ReplicaSet'))).items
    const old = sets.filter(
      ({ metadata }) =>
        metadata.name !== replicaSet.metadata.name &&
        metadata.ownerReferences?.some(({ uid }: Json) => uid === deployment.metadata.uid),
    )
    const pods: Json[] = (await api.send('GET', path('Pod'))).items
    for (const pod of pods)
      if (
        old.some((set) =>
          pod.metadata.ownerReferences?.some(({ uid }: Json) => uid === set.metadata.uid),
        )
      )
        // a deploy may have deleted it already
        await api
          .send('DELETE', path('Pod', pod.metadata.name), { gracePeriodSeconds: 0 })
          .catch((error) => {
            if (!/ 404 /.test(error.message)) throw error
          })
  }

  return {
    status,
    podStatus,
    async available(name) {
      const deployment = await read('Deployment', name)
      await observe(deployment, deployment.spec.replicas)
    },
    async deploymentReady(name, secondsAgo = 90) {
      if (!api.bare) return
      const deployment = await unseen('Deployment', name)
      const replicaSet = await replicaSetOf(deployment)
      for (let number = 1; number <= deployment.spec.replicas; number++) {
        const pod = await makePod(
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...replicaSet },
          replicaSet.spec.template,
          number,
        )
        await podStatus(pod, { phase: 'Running', ready: true, secondsAgo })
      }
      await endOthers(deployment, replicaSet)
      await observe(deployment, deployment.spec.replicas)
    },
    async pod(kind, name, written) {
      const workload = await unseen(kind, name)
      const of =
        kind === 'Deployment'
          ? { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...(await replicaSetOf(workload)) }
          : { apiVersion: 'batch/v1', kind, ...workload }
      const pod = await makePod(of, of.spec.template, 1)
      await podStatus(pod, written)
      if (kind === 'Deployment') await observe(workload, 0)
      return { ...pod, apiVersion: 'v1', kind: 'Pod' }
    },
    async jobComplete(name) {
      if (!api.bare) return
      const job = await unseen('Job', name)
      const pod = await makePod(
        { apiVersion: 'batch/v1', kind: 'Job', ...job },
        job.spec.template,
        1,
      )
      await podStatus(pod, { phase: 'Succeeded', containers: [{ state: ended(0) }] })
      await status('Job', name, {
        startTime: timeAgo(3),
        completionTime: timeAgo(1),
        succeeded: 1,
        conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
      })
    },
    async jobFailed(name, message) {
      await status('Job', name, {
        startTime: timeAgo(3),
        failed: 1,
        conditions: [condition('FailureTarget', message), condition('Failed', message)],
      })
    },
    async event(about, reason, message, { container, count = 1 } = {}) {
      const { name, uid } = about.metadata
      const now = timeAgo(0)
      await api.send('POST', `/api/v1/namespaces/${namespace}/events`, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { generateName: `${name}.` },
        involvedObject: {
          apiVersion: about.apiVersion,
          kind: about.kind,
          namespace,
          name,
          uid,
          ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }),
        },
        reason,
        message,
        type: 'Warning',
        count,
        firstTimestamp: now,
        lastTimestamp: now,
      })
    },
  }
}

function owner(apiVersion: string, kind: string, name: string, uid: string): Json {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }
}

function labelled(template: Json, hash: string): Json {
  const labels = { ...template.metadata?.labels, 'pod-template-hash': hash }
  return { ...template, metadata: { ...template.metadata, labels } }
}

function condition(type: string, message = ''): Json {
  return {
    type,
    status: 'True',
    message,
    lastProbeTime: timeAgo(1),
    lastTransitionTime: timeAgo(1),
  }
}
