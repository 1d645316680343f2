import { toPointer } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import type { Conversion } from '../../conversion.ts'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { metadataFor } from '../../objects/bundle-draft.ts'
import { addMount, addVolume, annotate, type PodVolume } from '../../objects/pod.ts'
import type { ScratchMount, VolumeMount, VolumePlan } from '../../plan/plan.ts'
import { podVolumeName } from './pod-volume.ts'
import { prepareScratch } from './prepare-scratch.ts'
import { coLocate } from './sharing.ts'

/** The claims, and the volumes and mounts of every pod. */
export function buildVolumes(draft: BundleDraft, conversion: Conversion): void {
  const plans = new Map(conversion.plan.volumes.map((plan) => [plan.volume, plan]))
  for (const plan of plans.values())
    if (!plan.external && plan.source === undefined)
      draft.objects.set(`persistentvolumeclaim/${plan.claim}`, claimOf(conversion, plan))
  for (const workload of draft.workloads) {
    const { from, pod } = workload
    for (const mount of from.plan.volumes) mountVolume(workload, mount, plans.get(mount.volume))
    for (const [index, scratch] of from.plan.scratch.entries())
      mountScratch(workload, scratch, index)
    prepareScratch(conversion, workload)
    coLocate(pod, from, conversion)
  }
}

function claimOf(conversion: Conversion, { volume, claim, ...plan }: VolumePlan): KubeObject {
  const declared = conversion.project.volumes?.[volume] !== undefined
  const metadata = metadataFor(
    conversion,
    claim,
    undefined,
    declared ? toPointer(['volumes', volume]) : undefined,
  )
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
  { from, pod, program }: WorkloadDraft,
  { volume, target, readOnly, subPath, ephemeral }: VolumeMount,
  plan: VolumePlan | undefined,
): void {
  const name = podVolumeName(volume, from.plan.volumes)
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
