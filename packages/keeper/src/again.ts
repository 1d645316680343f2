import { KEEPER_ANNOTATION, type KeeperRecord, type KubeObject } from '@landfall/kube'

/** A Job that the keeper is running again: it is deleted and created again, and either may be missing when another keeper finds it. */
export interface RunningAgain {
  /** Of the Job that is deleted. */
  uid: string
  /** What is created. */
  job: KubeObject
}

/** The annotation that a checker puts on a Job whose work is done (decision 0003). */
const DONE = 'landfall.dev/done'

/** Fields that the API server and the controller of Jobs set. */
const SERVER_SET = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
]
const JOB_LABELS = /^(batch\.kubernetes\.io\/.*|controller-uid|job-name)$/

/** The Job as it has to be created to run again, with everything that whoever deployed it has set. */
export function jobAgain(live: KubeObject, record: KeeperRecord): KubeObject {
  const { metadata, spec, apiVersion, kind } = live
  const { selector, manualSelector, template, ...rest } = spec
  const { labels, annotations = {}, ...kept } = without(metadata, (key) => SERVER_SET.includes(key))
  const pods = template.metadata ?? {}
  return {
    apiVersion,
    kind,
    metadata: {
      ...(kept as KubeObject['metadata']),
      ...(labels !== undefined && { labels: without(labels, (key) => JOB_LABELS.test(key)) }),
      annotations: {
        ...without(annotations, (key) => key === DONE),
        [KEEPER_ANNOTATION]: JSON.stringify(record),
      },
    },
    spec: {
      ...rest,
      template: {
        ...template,
        metadata: {
          ...without(pods, (key) => key === 'creationTimestamp'),
          ...(pods.labels !== undefined && {
            labels: without(pods.labels, (key) => JOB_LABELS.test(key)),
          }),
        },
      },
    },
  } as KubeObject
}

/**
 * The next step of running a Job again, whatever was done before. `forget`: it is done, or the release no longer has this Job.
 */
export function nextStep(
  { uid, job }: RunningAgain,
  live: { uid: string; ending?: true } | undefined,
  isKept: boolean,
): 'delete' | 'wait' | 'create' | 'forget' {
  if (!isKept) return 'forget'
  if (live === undefined) return 'create'
  if (live.uid !== uid) return 'forget'
  return live.ending && job.metadata.finalizers === undefined ? 'wait' : 'delete'
}

/** Reads the annotation in which it is kept; undefined for anything else. */
export function readRunningAgain(text: string | undefined): RunningAgain | undefined {
  try {
    const { uid, job } = JSON.parse(text ?? 'null') ?? {}
    return typeof uid === 'string' && typeof job?.metadata?.name === 'string'
      ? { uid, job }
      : undefined
  } catch {
    return undefined
  }
}

function without<T extends object>(mapping: T, isLeftOut: (key: string) => boolean): Partial<T> {
  return Object.fromEntries(
    Object.entries(mapping).filter(([key, value]) => !isLeftOut(key) && value !== undefined),
  ) as Partial<T>
}
