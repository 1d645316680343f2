import { basename } from 'node:path/posix'
import type { RoleId } from '@landfall/kube'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { contentInputs, serviceOf } from '../../objects/bundle-draft.ts'
import { addRoll, rollsBy } from '../../objects/rolls.ts'
import type { Plan, PodPart, ServicePlan } from '../../plan/plan.ts'
import { buildCopies, COPIES, copyContainer } from './copy-container.ts'
import { deliveryOf } from './delivery.ts'
import { buildFills, fillContainers } from './fill/fill-container.ts'
import { fileObjects } from './objects.ts'

const CHECKSUM = 'checksum.landfall.dev/files'
const VOLUME = 'files'

/**
 * One mount a target by subPath: the target then holds real files, and no links of Kubernetes. Such mounts never see a
 * change, so a change makes new pods; Jobs have the content in their name instead.
 */
export function filesPart(service: ServicePlan, plan: Plan): PodPart {
  const { files } = service
  if (files.length === 0) return {}
  const copies = copyContainer(service, plan, VOLUME)
  const holdsFiles = files.some(
    (mount) =>
      mount.external === undefined && (mount.files.length > 0 || deliveryOf(mount) === 'unpacked'),
  )
  return {
    volumes: [
      { name: VOLUME, files: service.service },
      ...(copies.length === 0 ? [] : [{ name: COPIES, empty: {} }]),
    ],
    mounts: files.flatMap((mount, index) =>
      mount.fills === undefined
        ? [
            {
              name: deliveryOf(mount) === 'direct' ? VOLUME : COPIES,
              mountPath: mount.target,
              subPath: mount.tree ? String(index) : `${index}/${basename(mount.target)}`,
              ...(mount.writable === true ? {} : { readOnly: true }),
            },
          ]
        : [],
    ),
    containers: [...copies, ...fillContainers(service, plan, VOLUME)],
    rolls: holdsFiles && service.kind !== 'Job' ? [{ annotation: CHECKSUM, by: 'files' }] : [],
  }
}

/** The ConfigMaps and Secrets of every pod that mounts files. */
export function buildFiles(draft: BundleDraft): void {
  const roles = new Map<string, RoleId[]>()
  for (const { plan, volume } of draft.workloads.flatMap(({ volumes }) => volumes)) {
    if (plan.files === undefined) continue
    const { objects, sources, hashed } = fileObjects(draft.plan, serviceOf(draft.plan, plan.files))
    for (const [role, object] of objects) draft.objects.set(role, object)
    for (const [role, inputs] of hashed) draft.hashed.set(role, inputs)
    Object.assign(volume, { projected: { sources } })
    roles.set(plan.files, [...objects.keys()])
  }
  buildCopies(draft)
  buildFills(draft)
  for (const { workload, roll } of rollsBy(draft, 'files'))
    addRoll(
      draft,
      workload,
      roll.annotation,
      (roles.get(roll.of) ?? []).flatMap((object) => contentInputs(draft, object)),
    )
}
