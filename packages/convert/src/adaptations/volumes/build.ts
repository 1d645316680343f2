import type { KubeObject } from '@landfall/kube'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { metadataFor } from '../../objects/bundle-draft.ts'
import { addMount, addVolume, annotate, type PodVolume } from '../../objects/pod.ts'
import type { Plan, ScratchMount, VolumeMount, VolumePlan } from '../../plan/plan.ts'
import { podVolumeName } from './pod-volume.ts'
import { prepareScratch } from './prepare-scratch.ts'
import { coLocate } from './sharing.ts'

/** The claims, and the volumes and mounts of every pod. */
export function buildVolumes(draft: BundleDraft): void {
  const plans = new Map(draft.plan.volumes.map((plan) => [plan.volume, plan]))
  for (const plan of plans.values())
    if (!plan.external && plan.source === undefined)
      draft.objects.set(`persistentvolumeclaim/${plan.claim}`, claimOf(draft.plan, plan))
  for (const workload of draft.workloads) {
    const { plan } = workload
    for (const mount of plan.volumes) mountVolume(workload, mount, plans.get(mount.volume))
    for (const [index, scratch] of plan.scratch.entries()) mountScratch(workload, scratch, index)
    prepareScratch(draft.plan.images, workload)
    coLocate(workload, draft.plan)
  }
}

function claimOf(project: Plan, { claim, ...plan }: VolumePlan): KubeObject {
  const metadata = metadataFor(project, claim, undefined, plan)
  annotate(metadata, 'landfall.dev/keep', 'the data stays until it is asked to go')
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: {
      accessModes: [plan.shared ? 'ReadWriteMany' : 'ReadWriteOnce'],
      resources: { requests: { storage: plan.size } },
      ...(plan.class === undefined ? {} : { storageClassName: plan.class }),
    },
  }
}

function mountVolume(
  { plan: service, pod, program }: WorkloadDraft,
  { volume, target, readOnly, subPath, ephemeral }: VolumeMount,
  plan: VolumePlan | undefined,
): void {
  const name = podVolumeName(volume, service.volumes)
  addVolume(pod, ephemeral || plan === undefined ? { name, emptyDir: {} } : sourceOf(name, plan))
  addMount(program, {
    name,
    mountPath: target,
    ...(subPath === undefined ? {} : { subPath }),
    ...(readOnly ? { readOnly } : {}),
  })
}

function sourceOf(name: string, { source, claim }: VolumePlan): PodVolume {
  if (source?.memory !== undefined)
    return { name, emptyDir: { medium: 'Memory', ...source.memory } }
  if (source?.nfs === undefined) return { name, persistentVolumeClaim: { claimName: claim } }
  const { server, path, readOnly } = source.nfs
  return { name, nfs: { server, path, ...(readOnly ? { readOnly } : {}) } }
}

function mountScratch(
  { pod, program }: WorkloadDraft,
  { target, memory, sizeLimit }: ScratchMount,
  index: number,
): void {
  const name = `scratch-${index}`
  addVolume(pod, {
    name,
    emptyDir: {
      ...(memory ? { medium: 'Memory' } : {}),
      ...(sizeLimit === undefined ? {} : { sizeLimit }),
    },
  })
  addMount(program, { name, mountPath: target })
}
