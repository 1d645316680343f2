import type { Bundle, Derived, KubeObject, ObjectMeta, RoleId } from '@landfall/kube'
import { SOURCE_ANNOTATION, toLabelValue } from '@landfall/kube'
import type { Plan, ServicePlan } from '../plan/plan.ts'
import { type Container, orderPod, type PodTemplate, sortKeys } from './pod.ts'

/** The bundle while adaptations write it. */
export interface BundleDraft {
  /** All that building may know. */
  readonly plan: Plan
  readonly objects: Map<RoleId, KubeObject>
  readonly derived: Derived[]
  /** How the Job of a one-shot gets its name, by service; others add the places where they use it. */
  readonly jobNames: ReadonlyMap<string, Derived>
  /** Lists of the gates' ConfigMap, by key. */
  readonly gateLists: Map<string, string>
  /** In the order of the plan's services. */
  readonly workloads: readonly WorkloadDraft[]
}

/** The workload of one service; `program` is the container that runs what Compose would run. */
export interface WorkloadDraft {
  readonly plan: ServicePlan
  readonly role: RoleId
  readonly object: KubeObject
  readonly pod: PodTemplate
  readonly program: Container
}

/** Labels by which the pods of a service are selected; they never change. */
export function selectorOf(project: string, name: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': toLabelValue(project),
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

/** A bundle with one bare workload a service. */
export function startBundle(plan: Plan): BundleDraft {
  const workloads = plan.services.map((service) => startWorkload(plan, service))
  return {
    plan,
    objects: new Map(workloads.map(({ role, object }) => [role, object])),
    derived: [],
    jobNames: new Map(workloads.flatMap(jobName)),
    gateLists: new Map(),
    workloads,
  }
}

function jobName({ plan, role }: WorkloadDraft): [string, Derived][] {
  if (plan.job === undefined) return []
  const at = [{ object: role, pointer: '/metadata/name' }]
  return [[plan.service, { rule: 'name-hash', base: plan.job.base, inputs: [], at }]]
}

function startWorkload(project: Plan, plan: ServicePlan): WorkloadDraft {
  const program: Container = {
    name: plan.name,
    image: plan.image,
    imagePullPolicy: plan.pullPolicy,
  }
  const metadata = metadataFor(project, plan.name, plan)
  const pod: PodTemplate = {
    metadata: { labels: { ...metadata.labels } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      containers: [program],
    },
  }
  const object: KubeObject = {
    apiVersion: plan.kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind: plan.kind,
    metadata,
    spec: { template: pod },
  }
  return { plan, role: `${plan.kind.toLowerCase()}/${plan.name}`, object, pod, program }
}

/** The bundle, its objects sorted by role so that every emitter prints them in one order. */
export function finishBundle(draft: BundleDraft): Bundle {
  for (const { pod } of draft.workloads) orderPod(pod)
  for (const { metadata, data, binaryData } of draft.objects.values())
    for (const map of [metadata.annotations, data, binaryData]) sortKeys(map)
  return {
    name: draft.plan.project,
    objects: new Map([...draft.objects].sort(([a], [b]) => (a < b ? -1 : 1))),
    parameters: [],
    switches: [],
    derived: draft.derived,
    builds: draft.plan.services.flatMap(({ build }) => build ?? []),
  }
}
