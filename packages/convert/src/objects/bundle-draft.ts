import { relative } from 'node:path/posix'
import { fromPointer, spanOf, toPointer } from '@landfall/diagnostic'
import type { Bundle, Derived, ImageBuild, KubeObject, ObjectMeta, RoleId } from '@landfall/kube'
import { SOURCE_ANNOTATION, toDnsLabel, toLabelValue } from '@landfall/kube'
import type { Conversion, ServiceConversion } from '../conversion.ts'
import { type Container, orderPod, type PodTemplate, sortKeys } from './pod.ts'

/** The bundle while adaptations write it. */
export interface BundleDraft {
  readonly name: string
  readonly objects: Map<RoleId, KubeObject>
  readonly derived: Derived[]
  /** What hashes read of objects that hold compressed bytes, which differ where their content does not. */
  readonly hashed: Map<RoleId, Derived['inputs']>
  readonly builds: ImageBuild[]
  /** How the Job of a one-shot gets its name, by service; others add the places where they use it. */
  readonly jobNames: ReadonlyMap<string, Derived>
  /** Lists of the gates' ConfigMap, by key. */
  readonly gateLists: Map<string, string>
  /** In the order of the conversion's services. */
  readonly workloads: readonly WorkloadDraft[]
}

/** The workload of one service; `program` is the container that runs what Compose would run. */
export interface WorkloadDraft {
  readonly from: ServiceConversion
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

/** Metadata of an object that belongs to a service, or to the project when `service` is absent. */
export function metadataFor(
  conversion: Conversion,
  name: string,
  service?: ServiceConversion,
  pointer?: string,
): ObjectMeta {
  const project = toLabelValue(conversion.project.name)
  const source = sourceOf(conversion, pointer ?? service?.at())
  return {
    name,
    labels: {
      ...(service === undefined ? {} : { 'app.kubernetes.io/name': service.plan.name }),
      'app.kubernetes.io/instance': project,
      'app.kubernetes.io/managed-by': 'landfall',
      'app.kubernetes.io/part-of': project,
    },
    ...(source === undefined ? {} : { annotations: { [SOURCE_ANNOTATION]: source } }),
  }
}

/** `compose.yaml#/services/web`: the file that decides the value, without line numbers, which would change objects. */
function sourceOf(conversion: Conversion, pointer: string | undefined): string | undefined {
  if (pointer === undefined) return undefined
  const file = spanOf(conversion.origins, pointer)?.file
  if (file === undefined) return undefined
  const shown = file.startsWith('/') ? relative(conversion.projectDirectory, file) : file
  return `${shown}#${toPointer(fromPointer(pointer))}`
}

/** A bundle with one bare workload a service. */
export function startBundle(conversion: Conversion): BundleDraft {
  const workloads = conversion.services.map((service) => startWorkload(conversion, service))
  return {
    name: conversion.project.name,
    objects: new Map(workloads.map(({ role, object }) => [role, object])),
    derived: [],
    hashed: new Map(),
    builds: [],
    jobNames: new Map(workloads.filter(({ object }) => object.kind === 'Job').map(jobName)),
    gateLists: new Map(),
    workloads,
  }
}

/** A Job's name leaves room for the hash of its content. */
function jobName({ from, role }: WorkloadDraft): [string, Derived] {
  const base = toDnsLabel(from.plan.name, 52)
  const at = [{ object: role, pointer: '/metadata/name' }]
  return [from.service, { rule: 'name-hash', base, inputs: [], at }]
}

/** What a hash reads of a ConfigMap or a Secret. */
export function contentInputs({ hashed }: BundleDraft, object: RoleId): Derived['inputs'] {
  return (
    hashed.get(object) ?? [
      { object, pointer: '/data' },
      { object, pointer: '/binaryData' },
    ]
  )
}

function startWorkload(conversion: Conversion, from: ServiceConversion): WorkloadDraft {
  const { plan } = from
  const program: Container = { name: plan.name, image: plan.image, imagePullPolicy: 'IfNotPresent' }
  const metadata = metadataFor(conversion, plan.name, from)
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
  return { from, role: `${plan.kind.toLowerCase()}/${plan.name}`, object, pod, program }
}

/** The bundle, its objects sorted by role so that every emitter prints them in one order. */
export function finishBundle(draft: BundleDraft): Bundle {
  for (const { pod } of draft.workloads) orderPod(pod)
  for (const { metadata, data, binaryData } of draft.objects.values())
    for (const map of [metadata.annotations, data, binaryData]) sortKeys(map)
  return {
    name: draft.name,
    objects: new Map([...draft.objects].sort(([a], [b]) => (a < b ? -1 : 1))),
    parameters: [],
    switches: [],
    derived: draft.derived,
    builds: draft.builds,
  }
}
