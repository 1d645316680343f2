import type {
  Bundle,
  Derived,
  KubeObject,
  ObjectMeta,
  RoleId,
  Switch,
  Upload,
} from '@landfall/kube'
import { SOURCE_ANNOTATION, toLabelValue } from '@landfall/kube'
import type { ContainerPlan, Phase, Plan, PodPlan, PodVolume, ServicePlan } from '../plan/plan.ts'
import { type DraftParameters, locateParameters } from './parameters.ts'
import { type Container, orderPod, type PodTemplate, sortKeys, type Volume } from './pod.ts'

/** The bundle while adaptations write it. */
export interface BundleDraft {
  /** All that building may know. */
  readonly plan: Plan
  readonly objects: Map<RoleId, KubeObject>
  readonly derived: Derived[]
  /** What a person may set when it is installed. */
  readonly parameters: DraftParameters
  /** What a person may turn on. */
  readonly switches: Switch[]
  /** What hashes read of objects that hold compressed bytes, which differ where their content does not. */
  readonly hashed: Map<RoleId, Derived['inputs']>
  /** How the Job of a one-shot gets its name, by service; others add the places where they use it. */
  readonly jobNames: ReadonlyMap<string, Derived>
  /** Lists of the gates' ConfigMap, by key. */
  readonly gateLists: Map<string, string>
  /** One for each pod of the plan, in its order. */
  readonly workloads: readonly WorkloadDraft[]
}

/** The workload of one pod: its containers and volumes are there, and what they hold is written by adaptations. */
export interface WorkloadDraft {
  readonly plan: PodPlan
  readonly role: RoleId
  readonly object: KubeObject
  readonly pod: PodTemplate
  readonly containers: readonly ContainerDraft[]
  readonly volumes: readonly { readonly plan: PodVolume; readonly volume: Volume }[]
}

export interface ContainerDraft {
  readonly plan: ContainerPlan
  /** The service that it runs, or for which it works. */
  readonly service: ServicePlan
  readonly container: Container
  readonly workload: WorkloadDraft
}

/** All containers that do one thing, in the order of the workloads. */
export function containersOf({ workloads }: BundleDraft, phase: Phase): ContainerDraft[] {
  return workloads.flatMap(({ containers }) =>
    containers.filter(({ plan }) => plan.phase === phase),
  )
}

/** Labels by which the pods that run a service are selected; they never change. */
export function selectorOf(
  plan: Plan,
  { name, pod }: Pick<ServicePlan, 'name' | 'pod'>,
): Record<string, string> {
  return {
    'app.kubernetes.io/name': pod === undefined ? name : serviceOf(plan, pod).name,
    'app.kubernetes.io/instance': toLabelValue(plan.project),
  }
}

/** Metadata of an object that belongs to a service, or to the project where there is no service. */
export function metadataFor(
  { project }: Plan,
  name: string,
  service?: ServicePlan,
  { declaredAt }: { declaredAt?: string } = service ?? {},
): ObjectMeta {
  const label = toLabelValue(project)
  return {
    name,
    labels: {
      ...(service === undefined ? {} : { 'app.kubernetes.io/name': service.name }),
      'app.kubernetes.io/instance': label,
      'app.kubernetes.io/managed-by': 'landfall',
      'app.kubernetes.io/part-of': label,
    },
    ...(declaredAt === undefined ? {} : { annotations: { [SOURCE_ANNOTATION]: declaredAt } }),
  }
}

/** A bundle with one bare workload a pod. */
export function startBundle(plan: Plan): BundleDraft {
  const workloads = plan.pods.map((pod) => startWorkload(plan, pod))
  return {
    plan,
    objects: new Map(workloads.map(({ role, object }) => [role, object])),
    derived: [],
    parameters: new Map(),
    switches: [],
    hashed: new Map(),
    jobNames: new Map(workloads.flatMap(jobName)),
    gateLists: new Map(),
    workloads,
  }
}

/** A Job's name leaves room for the hash of its content. */
function jobName({ plan, role }: WorkloadDraft): [string, Derived][] {
  if (plan.job === undefined) return []
  const at = [{ object: role, pointer: '/metadata/name' }]
  return [[plan.service, { rule: 'name-hash', base: plan.job.base, inputs: [], at }]]
}

/** What a hash reads of a ConfigMap or a Secret. It reads nothing that is secret: the hash of a short secret shows it (decision 0018). */
export function contentInputs({ hashed }: BundleDraft, object: RoleId): Derived['inputs'] {
  return (
    hashed.get(object) ??
    (object.startsWith('secret/')
      ? []
      : ['/data', '/binaryData'].map((pointer) => ({ object, pointer })))
  )
}

function startWorkload(project: Plan, plan: PodPlan): WorkloadDraft {
  const containers: ContainerDraft[] = []
  const start = (container: ContainerPlan): Container => {
    const draft = { plan: container, service: serviceOf(project, container.of), workload }
    const object = startContainer(container)
    containers.push({ ...draft, container: object })
    return object
  }
  const metadata = metadataFor(project, plan.name, serviceOf(project, plan.service))
  const volumes = plan.volumes.map((volume) => ({ plan: volume, volume: { name: volume.name } }))
  const pod: PodTemplate = {
    metadata: { labels: { ...metadata.labels } },
    spec: {
      // a name that is left out later stays (kubernetes/kubernetes: `serviceAccount` repeats it), and its account may be gone; Jobs are replaced
      ...(plan.kind !== 'Job' && { serviceAccountName: 'default' }),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [],
    },
  }
  const object: KubeObject = {
    apiVersion: plan.kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind: plan.kind,
    metadata,
    spec: { template: pod },
  }
  const role = `${plan.kind.toLowerCase()}/${plan.name}`
  const workload: WorkloadDraft = { plan, role, object, pod, containers, volumes }
  if (plan.steps.length > 0) pod.spec.initContainers = plan.steps.map(start)
  pod.spec.containers = plan.containers.map(start)
  if (volumes.length > 0) pod.spec.volumes = volumes.map(({ volume }) => volume)
  return workload
}

function startContainer({ name, image, pullPolicy, sidecar, mounts }: ContainerPlan): Container {
  return {
    name,
    image,
    imagePullPolicy: pullPolicy,
    ...(sidecar === undefined ? {} : { restartPolicy: 'Always' }),
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts.map((mount) => ({ ...mount })) }),
  }
}

const byKey = new WeakMap<Plan['services'], ReadonlyMap<string, ServicePlan>>()

/** A service of the plan. Throws an Error for a key that the plan does not have, which is a bug. */
export function serviceOf({ services }: Plan, key: string): ServicePlan {
  const known = byKey.get(services) ?? new Map(services.map((one) => [one.service, one]))
  byKey.set(services, known)
  const found = known.get(key)
  if (found === undefined) throw new Error(`the plan has no service ${key}`)
  return found
}

/** The bundle, its objects sorted by role so that every emitter prints them in one order. */
export function finishBundle(draft: BundleDraft): Bundle {
  for (const { pod } of draft.workloads) orderPod(pod)
  for (const { metadata, data, binaryData } of draft.objects.values())
    for (const map of [metadata.annotations, data, binaryData]) sortKeys(map)
  return {
    name: draft.plan.project,
    objects: new Map([...draft.objects].sort(([a], [b]) => (a < b ? -1 : 1))),
    parameters: locateParameters(draft.parameters, draft.objects),
    switches: draft.switches,
    derived: draft.derived,
    builds: draft.plan.services.flatMap(({ build }) => build ?? []),
    uploads: uploadsOf(draft.plan),
    checks: draft.plan.checks,
  }
}

/** The trees that are copied into claims, each once. */
function uploadsOf({ services, volumes }: Plan): Upload[] {
  const uploads = new Map<string, Upload>()
  for (const { fills } of services.flatMap(({ files }) => files)) {
    const claim = volumes.find(({ volume }) => volume === fills?.volume)?.claim
    if (fills?.upload === undefined || claim === undefined) continue
    const { path, shown, upload } = fills
    uploads.set(`${claim}/${path}`, { claim, path, shown, ...upload })
  }
  return [...uploads.values()].sort((a, b) => (a.claim < b.claim ? -1 : 1))
}
