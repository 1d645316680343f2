import { basename } from 'node:path/posix'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { serviceOf } from '../../objects/bundle-draft.ts'
import type { Plan, PodPart, ServicePlan } from '../../plan/plan.ts'
import { contentNames } from './content-names.ts'
import { buildCopies, COPIES, copyContainer } from './copy-container.ts'
import { deliveryOf } from './delivery.ts'
import { declareEdits } from './edit-parameters.ts'
import { buildFills, fillContainers } from './fill/fill-container.ts'
import { fileObjects } from './objects.ts'

const VOLUME = 'files'

/**
 * One mount a target by subPath: the target then holds real files, and no links of Kubernetes. Such mounts never see a
 * change, and a change is another object with another name, which makes new pods (decision 0030).
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
    rolls: holdsFiles && service.kind !== 'Job' ? [{ by: 'files' }] : [],
  }
}

/** The ConfigMaps and Secrets of every pod that mounts files. */
export function buildFiles(draft: BundleDraft): void {
  const names = contentNames(draft)
  for (const { role, volumes } of draft.workloads)
    for (const [index, { plan, volume }] of volumes.entries()) {
      if (plan.files === undefined) continue
      const { objects, sources, hashed, edited } = fileObjects(
        draft.plan,
        serviceOf(draft.plan, plan.files),
      )
      for (const [name, object] of objects) draft.objects.set(name, object)
      for (const [name, inputs] of hashed) draft.hashed.set(name, inputs)
      for (const file of edited) declareEdits(draft.parameters, file)
      Object.assign(volume, { projected: { sources } })
      names.add(role, index, sources, objects)
    }
  names.finish()
  buildCopies(draft)
  buildFills(draft)
}
