import {
  containerAnnotation,
  isContainerAnnotation,
  type RoleId,
  SOURCE_ANNOTATION,
} from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import { moveDerived } from './derived.ts'
import { mergePod } from './merge-pod.ts'
import { planStart } from './plan-start.ts'
import { startInOrder } from './start-order.ts'

/** The workloads of each pod that several services share: the host first. */
function sharedPods({ workloads }: BundleDraft): Map<WorkloadDraft, WorkloadDraft[]> {
  const pods = new Map<WorkloadDraft, WorkloadDraft[]>()
  const byService = new Map(workloads.map((workload) => [workload.plan.service, workload]))
  for (const guest of workloads) {
    const host = byService.get(guest.plan.pod ?? '')
    if (host !== undefined) pods.set(host, [...(pods.get(host) ?? []), guest])
  }
  return pods
}

/** Every selector of a guest's pods, in Services and elsewhere, selects those of the host. */
function redirect(value: unknown, guest: string, host: string, instance: string): void {
  if (typeof value !== 'object' || value === null) return
  const labels = value as Record<string, unknown>
  if (
    labels['app.kubernetes.io/name'] === guest &&
    labels['app.kubernetes.io/instance'] === instance
  )
    labels['app.kubernetes.io/name'] = host
  else for (const child of Object.values(value)) redirect(child, guest, host, instance)
}

function useOneAccount({ objects }: BundleDraft, guest: WorkloadDraft, host: WorkloadDraft): void {
  const own = guest.pod.spec.serviceAccountName
  const shared = host.pod.spec.serviceAccountName
  if (own === undefined) return
  if (shared === undefined) host.pod.spec.serviceAccountName = own
  else if (own !== shared) {
    const binding = objects.get(`rolebinding/${own}`)
    if (binding !== undefined) binding.subjects = [{ kind: 'ServiceAccount', name: shared }]
    objects.delete(`serviceaccount/${own}`)
  }
}

/** The container of a guest comes from another service than the pod; a verdict on it names that one. */
function nameSource(host: WorkloadDraft, { program, object }: WorkloadDraft): void {
  const source = object.metadata.annotations?.[SOURCE_ANNOTATION]
  const key = containerAnnotation(SOURCE_ANNOTATION, program.name)
  if (source !== undefined && key !== undefined) annotate(host.object.metadata, key, source)
}

/** What is said of a guest's container by its name holds in the host's pod as well. */
function takeAnnotations(host: WorkloadDraft, { program, object }: WorkloadDraft): void {
  for (const [key, value] of Object.entries(object.metadata.annotations ?? {}))
    if (isContainerAnnotation(key, program.name)) annotate(host.object.metadata, key, value)
}

function joinPods(draft: BundleDraft, host: WorkloadDraft, guests: readonly WorkloadDraft[]): void {
  const { objects } = draft
  const moved = new Map<RoleId, WorkloadDraft>()
  for (const guest of guests) {
    useOneAccount(draft, guest, host)
    const suffix = guest.plan.name
    const instance = host.pod.metadata.labels['app.kubernetes.io/instance'] as string
    const { affinity, topologySpreadConstraints } = guest.pod.spec
    for (const value of [
      affinity,
      topologySpreadConstraints,
      ...[...objects.values()].map(({ spec }) => spec?.selector),
    ])
      redirect(value, suffix, host.plan.name, instance)
    mergePod(host, guest)
    nameSource(host, guest)
    takeAnnotations(host, guest)
    const stopsFirst = guest.object.spec.strategy?.type === 'Recreate'
    if (stopsFirst && host.object.kind === 'Deployment')
      host.object.spec.strategy = { type: 'Recreate' }
    const { progressDeadlineSeconds } = guest.object.spec
    if (progressDeadlineSeconds !== undefined && host.object.kind === 'Deployment')
      host.object.spec.progressDeadlineSeconds = progressDeadlineSeconds
    objects.delete(guest.role)
    moved.set(guest.role, guest)
  }
  // With the processes of the node a pod has those of its containers as well, and the API takes one of both.
  if (host.plan.sharesProcesses && host.pod.spec.hostPID !== true)
    host.pod.spec.shareProcessNamespace = true
  moveDerived(draft, host, moved)
  startInOrder(draft.plan.images, host, guests)
}

export default {
  id: 'one-pod',
  title: 'Run services that share namespaces as containers of one pod',
  plan(conversion) {
    for (const service of conversion.services) planStart(conversion, service)
  },
  build(draft) {
    for (const [host, guests] of sharedPods(draft)) joinPods(draft, host, guests)
  },
} satisfies Adaptation
