import type { KubeObject } from '@landfall/kube'
import { type BundleDraft, metadataFor } from '../../objects/bundle-draft.ts'
import { annotate, type Volume } from '../../objects/pod.ts'
import type { Plan, PodVolume, VolumePlan } from '../../plan/plan.ts'
import { declareClaims } from './parameters.ts'
import { prepareScratch } from './prepare-scratch.ts'
import { placeByData } from './sharing.ts'

/** The claims, and the volumes of every pod. */
export function buildVolumes(draft: BundleDraft): void {
  const plans = new Map(draft.plan.volumes.map((plan) => [plan.volume, plan]))
  for (const plan of plans.values())
    if (!plan.external && plan.source === undefined)
      draft.objects.set(`persistentvolumeclaim/${plan.claim}`, claimOf(draft.plan, plan))
  for (const { volumes } of draft.workloads)
    for (const { plan, volume } of volumes) Object.assign(volume, sourceOf(plan))
  declareClaims(draft, [...plans.values()])
  prepareScratch(draft)
  for (const workload of draft.workloads) placeByData(workload, draft.plan)
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

/** The source of a volume, where no other adaptation knows what is in it. */
function sourceOf({ claim, nfs, empty, path }: PodVolume): Omit<Volume, 'name'> {
  if (claim !== undefined) return { persistentVolumeClaim: { claimName: claim } }
  if (path !== undefined) return { hostPath: { path } }
  if (nfs !== undefined)
    return {
      nfs: { server: nfs.server, path: nfs.path, ...(nfs.readOnly ? { readOnly: true } : {}) },
    }
  if (empty === undefined) return {}
  const { memory, sizeLimit } = empty
  return {
    emptyDir: {
      ...(memory === undefined ? {} : { medium: 'Memory' }),
      ...(sizeLimit === undefined ? {} : { sizeLimit }),
    },
  }
}
