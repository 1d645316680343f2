import { basename } from 'node:path/posix'
import type { RoleId } from '@landfall/kube'
import type { Conversion } from '../../conversion.ts'
import { type BundleDraft, contentInputs, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import { addMount, addVolume, annotate } from '../../objects/pod.ts'
import { addCopies, COPIES } from './copy-container.ts'
import { deliveryOf } from './delivery.ts'
import { addMountPoints } from './mount-points.ts'
import { fileObjects } from './objects.ts'

const CHECKSUM = 'checksum.landfall.dev/files'
const VOLUME = 'files'

/** The ConfigMaps and Secrets of every pod that mounts files, and the mounts. */
export function buildFiles(draft: BundleDraft, conversion: Conversion): void {
  for (const workload of draft.workloads) {
    addMountPoints(workload.from.plan)
    if (workload.from.plan.files.length === 0) continue
    const { objects, sources, hashed } = fileObjects(conversion, workload)
    for (const [role, object] of objects) draft.objects.set(role, object)
    for (const [role, inputs] of hashed) draft.hashed.set(role, inputs)
    mountAll(workload, sources)
    addCopies(conversion, workload, VOLUME)
    rollWithContent(draft, workload, [...objects.keys()])
  }
}

/** One mount a target by subPath: the target then holds real files, and no links of Kubernetes. */
function mountAll({ from, pod, program }: WorkloadDraft, sources: Record<string, unknown>[]): void {
  addVolume(pod, { name: VOLUME, projected: { sources } })
  for (const [index, mount] of from.plan.files.entries()) {
    if (mount.fills !== undefined) continue
    addMount(program, {
      name: deliveryOf(mount) === 'direct' ? VOLUME : COPIES,
      mountPath: mount.target,
      subPath: mount.tree ? String(index) : `${index}/${basename(mount.target)}`,
      ...(mount.writable === true ? {} : { readOnly: true }),
    })
  }
}

/** Mounts by subPath never see a change, so a change makes new pods; Jobs have the content in their name instead. */
function rollWithContent(
  draft: BundleDraft,
  { role, object, pod }: WorkloadDraft,
  roles: RoleId[],
): void {
  if (object.kind === 'Job' || roles.length === 0) return
  annotate(pod.metadata, CHECKSUM, '')
  draft.derived.push({
    rule: 'content-hash',
    base: '',
    inputs: roles.flatMap((file) => contentInputs(draft, file)),
    at: [
      { object: role, pointer: '/spec/template/metadata/annotations/checksum.landfall.dev~1files' },
    ],
  })
}
