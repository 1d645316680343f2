import { basename } from 'node:path/posix'
import type { RoleId } from '@landfall/kube'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { addMount, addVolume, annotate } from '../../objects/pod.ts'
import { addCopies, COPIES } from './copy-container.ts'
import { deliveryOf } from './delivery.ts'
import { fileObjects } from './objects.ts'

const CHECKSUM = 'checksum.landfall.dev/files'
const VOLUME = 'files'

/** The ConfigMaps and Secrets of every pod that mounts files, and the mounts. */
export function buildFiles(draft: BundleDraft): void {
  for (const workload of draft.workloads) {
    if (workload.plan.files.length === 0) continue
    const { objects, sources } = fileObjects(draft.plan, workload.plan)
    for (const [role, object] of objects) draft.objects.set(role, object)
    mountAll(workload, sources)
    addCopies(draft.plan.images, workload, VOLUME)
    rollWithContent(draft, workload, [...objects.keys()])
  }
}

/** One mount a target by subPath: the target then holds real files, and no links of Kubernetes. */
function mountAll({ plan, pod, program }: WorkloadDraft, sources: Record<string, unknown>[]): void {
  addVolume(pod, { name: VOLUME, projected: { sources } })
  for (const [index, mount] of plan.files.entries()) {
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
    inputs: roles.flatMap((file) => [
      { object: file, pointer: '/data' },
      { object: file, pointer: '/binaryData' },
    ]),
    at: [
      { object: role, pointer: '/spec/template/metadata/annotations/checksum.landfall.dev~1files' },
    ],
  })
}
