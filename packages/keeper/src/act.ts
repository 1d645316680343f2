import {
  FIELD_MANAGER,
  KEEPER,
  KEEPER_ANNOTATION,
  KEEPER_MANAGER,
  type KeeperRecord,
  type KeptService,
  type KubeClient,
  type KubeObject,
  RUNNING_AGAIN_ANNOTATION,
} from '@landfall/kube'
import { jobAgain, type RunningAgain } from './again.ts'

/** The annotation of a pod template by which `kubectl rollout restart` replaces pods. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

/**
 * Owner of what is only noted. An apply removes what its owner had set and leaves out: notes of the owner of restarts would remove the annotation
 * of the last restart, which replaces the pods.
 */
const NOTES_MANAGER = `${KEEPER_MANAGER}-notes`

/** What the keeper does to the cluster; all throw as the client does. Objects are named with their uid: one of another life is not touched. */
export interface Acts {
  /** Replaces the pods of a workload in the way of its rollout, and notes why, in one write. Gives the object as it is then. */
  restart(target: Target, record: KeeperRecord, at: string): Promise<KubeObject>
  /** Notes what was seen. */
  note(target: Target, record: KeeperRecord): Promise<KubeObject>
  /** Reads a Job, and notes that it is about to run again. Undefined if it is gone. */
  beginAgain(
    target: Target,
    keeperUid: string,
    record: KeeperRecord,
  ): Promise<KubeObject | undefined>
  /** Deletes the Job of a life. */
  deleteJob(name: string, uid: string): Promise<void>
  /** Creates the Job again, as whoever deployed it. */
  createJob(job: KubeObject): Promise<void>
  /** Notes that no Job is about to run again. */
  endAgain(keeperUid: string): Promise<KubeObject>
  /** Reports an act as an event of the workload. */
  event(target: Target, reason: string, message: string, at: string): Promise<void>
}

export type Target = Pick<KeptService, 'kind' | 'workload'> & { uid: string }

/** The acts in a namespace. */
export function actsIn(client: KubeClient, namespace: string): Acts {
  const apply = async (object: KubeObject, fieldManager: string): Promise<KubeObject> =>
    (await client.apply(object, { fieldManager })).object
  const noted = (target: Target, record: KeeperRecord): KubeObject =>
    partOf(target, { [KEEPER_ANNOTATION]: JSON.stringify(record) })
  const keeper = (uid: string, again: RunningAgain | undefined): KubeObject =>
    partOf(
      { kind: 'Deployment', workload: KEEPER, uid },
      again === undefined ? {} : { [RUNNING_AGAIN_ANNOTATION]: JSON.stringify(again) },
    )
  return {
    restart: (target, record, at) =>
      apply({ ...noted(target, record), spec: restarted(at) }, KEEPER_MANAGER),
    note: (target, record) => apply(noted(target, record), NOTES_MANAGER),
    async beginAgain({ workload, uid }, keeperUid, record) {
      const live = await client.get({ ...JOB, name: workload, namespace })
      if (live === undefined || live.metadata.uid !== uid) return undefined
      const job = jobAgain(live, record)
      return apply(keeper(keeperUid, { uid, job }), KEEPER_MANAGER)
    },
    async deleteJob(name, uid) {
      await client.delete({ ...JOB, name, namespace }, { uid, propagation: 'Background' })
    },
    async createJob(job) {
      await apply(job, FIELD_MANAGER)
    },
    endAgain: (keeperUid) => apply(keeper(keeperUid, undefined), KEEPER_MANAGER),
    async event({ kind, workload, uid }, reason, message, at) {
      await client.create({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: {
          name: `${workload}.${uid.slice(0, 8)}.${Date.parse(at).toString(36)}`,
          namespace,
        },
        involvedObject: { apiVersion: versionOf(kind), kind, name: workload, namespace, uid },
        reason,
        message,
        type: 'Normal',
        source: { component: KEEPER },
        reportingComponent: KEEPER,
        firstTimestamp: at,
        lastTimestamp: at,
        count: 1,
      })
    },
  }
}

const JOB = { apiVersion: 'batch/v1', kind: 'Job' }

function versionOf(kind: string): string {
  return kind === 'Job' ? 'batch/v1' : 'apps/v1'
}

function restarted(at: string): KubeObject['spec'] {
  return { template: { metadata: { annotations: { [RESTARTED_AT]: at } } } }
}

/** An object with nothing but its identity and annotations. */
function partOf({ kind, workload, uid }: Target, annotations: Record<string, string>): KubeObject {
  return {
    apiVersion: versionOf(kind),
    kind,
    metadata: { name: workload, uid, annotations },
  }
}
