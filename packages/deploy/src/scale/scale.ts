import {
  COMPOSE_SERVICE_ANNOTATION,
  DECLARED_COPIES_ANNOTATION,
  isContainerAnnotation,
  isRefusal,
  type KubeClient,
  type KubeObject,
  ONE_COPY_ANNOTATION,
  objectId,
} from '@landfall/kube'
import { listKinds } from '../apply/observe.ts'
import { withCopiesThatAreThere } from '../attempt/copies.ts'
import { type ReleaseOptions, withRelease } from '../attempt/with-release.ts'
import type { Verdict } from '../events.ts'
import { isWorkload } from '../release/kind-order.ts'
import { NoRevisionError } from '../release/revisions.ts'
import { scaledObjects } from './scaled-objects.ts'

export interface ScaleOptions extends ReleaseOptions {
  /** How many pods there shall be, by the names of the services in the Compose file. */
  copies: ReadonlyMap<string, number>
}

/** What was done with one service. */
export interface ScaledService {
  service: string
  /** `deployment/web` */
  object: string
  /** Pods that it had, and has now. */
  from: number
  to: number
  /** What the project declares, to which the next deploy of it returns. */
  declared: number
}

export interface ScaleReport {
  verdict: Verdict
  services: ScaledService[]
}

/** Why a service cannot have that number of pods. */
export interface ScaleRefusal {
  service: string
  message: string
  hint: string
}

/** Nothing was changed, because some of the numbers are wrong. */
export class ScaleRefusedError extends Error {
  readonly refusals: readonly ScaleRefusal[]

  constructor(refusals: readonly ScaleRefusal[]) {
    super(refusals.map(({ message }) => message).join('; '))
    this.name = 'ScaleRefusedError'
    this.refusals = refusals
  }
}

const AUTOSCALER = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' }

/**
 * Changes the number of pods of services of a release, from what is kept in the cluster, and waits until they are ready. It becomes a new
 * revision. Throws a ScaleRefusedError or a NoRevisionError before anything is changed, and as `deployRelease`.
 */
export async function scaleRelease(options: ScaleOptions): Promise<ScaleReport> {
  const { client, namespace, release, copies, signal } = options
  let services: ScaledService[] = []
  const verdict = await withRelease(options, 'scale', async (open) => {
    const { revisions, missing } = open.history
    if (missing !== undefined) throw new NoRevisionError(missing)
    const present = revisions.at(-1)
    if (present === undefined) throw new NoRevisionError('there is no revision of this release')
    if (present.state === 'deploying' || present.state === 'interrupted')
      throw new NoRevisionError(
        `revision ${present.number} was interrupted, so that it is not known what runs: deploy the project, or go back to another revision`,
      )
    const objects = await present.objects()
    const live = await listKinds(client, namespace, [...objects.filter(isWorkload)], signal)
    const autoscalers = [...objects, ...(await autoscalersIn(client, namespace, signal))]
    const workloads = objects.filter(isWorkload)
    const refusals = [...copies].flatMap(([service, number]) =>
      refusalOf(service, number, workloads, autoscalers),
    )
    if (refusals.length > 0) throw new ScaleRefusedError(refusals)
    const numbers = new Map(
      [...copies].map(([service, number]) => [
        objectId(ownOf(service, workloads) as KubeObject),
        number,
      ]),
    )
    const liveNumbers = new Map(
      [...live.values()].map((one) => [objectId(one), one.spec?.replicas]),
    )
    services = [...copies].map(([service, to]) => {
      const workload = ownOf(service, workloads) as KubeObject
      const object = objectId(workload)
      const from = liveNumbers.get(object) ?? workload.spec?.replicas ?? 1
      return { service, object, from, to, declared: declaredCopies(workload) }
    })
    const wanted = scaledObjects(objects, numbers, { release, namespace })
    const checks = await present.checks()
    const outcome = await open.attempt({
      kinds: wanted,
      othersFields: 'override',
      ...(checks && { checks }),
      want: ({ live: all }) => ({
        objects: withCopiesThatAreThere(wanted, [...all.values()], () => present.state === 'ready'),
        uploads: [],
      }),
    })
    return outcome.state === 'ready' || !outcome.touched
      ? outcome
      : { ...outcome, notBack: 'the new number of pods stays: `landfall scale` changes it' }
  })
  return { verdict, services }
}

/** What the project declares for a workload. */
function declaredCopies({ metadata, spec }: KubeObject): number {
  return Number(metadata.annotations?.[DECLARED_COPIES_ANNOTATION] ?? spec?.replicas ?? 1)
}

/** The workload that is named after a service. */
function ownOf(service: string, workloads: readonly KubeObject[]): KubeObject | undefined {
  return workloads.find(
    ({ metadata }) => metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION] === service,
  )
}

/** The workload in whose pods a service runs beside another one. */
function hostOf(service: string, workloads: readonly KubeObject[]): KubeObject | undefined {
  return workloads.find(({ metadata, spec }) => {
    const { containers = [], initContainers = [] } = spec?.template?.spec ?? {}
    return Object.entries(metadata.annotations ?? {}).some(
      ([key, value]) =>
        value === service &&
        key.startsWith(`${COMPOSE_SERVICE_ANNOTATION}.`) &&
        [...containers, ...initContainers].some(({ name }: { name: string }) =>
          isContainerAnnotation(key, name),
        ),
    )
  })
}

function refusalOf(
  service: string,
  copies: number,
  workloads: readonly KubeObject[],
  autoscalers: readonly KubeObject[],
): ScaleRefusal[] {
  const refuse = (message: string, hint: string): ScaleRefusal[] => [{ service, message, hint }]
  const workload = ownOf(service, workloads)
  if (workload === undefined) {
    const host = hostOf(service, workloads)?.metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION]
    if (host !== undefined)
      return refuse(`${service} runs in the pods of ${host}`, `scale ${host} instead`)
    const known = workloads.flatMap(
      ({ metadata }) => metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION] ?? [],
    )
    return refuse(`the release has no service ${service}`, `it has ${known.sort().join(', ')}`)
  }
  if (workload.kind === 'Job')
    return refuse(`${service} is a Job, which runs to its end once`, 'remove it from the command')
  if (workload.kind === 'DaemonSet')
    return refuse(`${service} has one pod on each node`, 'remove it from the command')
  const autoscaler = autoscalers.find(
    ({ kind, spec }) =>
      kind === AUTOSCALER.kind &&
      spec?.scaleTargetRef?.kind === workload.kind &&
      spec.scaleTargetRef.name === workload.metadata.name,
  )
  if (autoscaler !== undefined) {
    const { minReplicas = 1, maxReplicas } = autoscaler.spec
    return refuse(
      `${objectId(autoscaler)} sets the number of pods of ${service}, from ${minReplicas} to ${maxReplicas}`,
      `change services.${service}.scale in landfall.yaml and run \`landfall up\``,
    )
  }
  const why = workload.metadata.annotations?.[ONE_COPY_ANNOTATION]
  if (copies <= 1 || why === undefined) return []
  // what would make several copies right is behind the last semicolon
  const at = why.lastIndexOf('; ')
  const overrule = `declare services.${service}.singleton: false in landfall.yaml if it may have more`
  return refuse(
    `${service} has one copy, because ${at === -1 ? why : why.slice(0, at)}`,
    at === -1 ? overrule : `${why.slice(at + 2)}; or ${overrule}`,
  )
}

/** Autoscalers that somebody else has made count as well, if they may be read. */
async function autoscalersIn(
  client: KubeClient,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<KubeObject[]> {
  try {
    return (await client.list({ ...AUTOSCALER, namespace }, { signal })).items
  } catch (error) {
    if (['Forbidden', 'NotFound'].some((reason) => isRefusal(error, reason))) return []
    throw error
  }
}
