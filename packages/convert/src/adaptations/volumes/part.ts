import type { Plan, PodPart, PodVolume, ServicePlan, VolumePlan } from '../../plan/plan.ts'
import { podVolumeName } from './pod-volume.ts'
import { scratchContainer, scratchName } from './prepare-scratch.ts'

/** Claims, shares and empty directories, and their mounts. */
export function volumesPart(service: ServicePlan, plan: Plan): PodPart {
  const { volumes, scratch } = service
  const named = volumes.map((mount) => ({ ...mount, name: podVolumeName(mount.volume, volumes) }))
  return {
    volumes: [
      ...named.map(({ name, volume, ephemeral }) =>
        volumeOf(name, ephemeral ? undefined : plan.volumes.find((one) => one.volume === volume)),
      ),
      ...scratch.map(({ memory, sizeLimit }, index) => ({
        name: scratchName(index),
        empty: {
          ...(memory ? { memory } : {}),
          ...(sizeLimit === undefined ? {} : { sizeLimit }),
        },
      })),
    ],
    mounts: [
      ...named.map(({ name, target, subPath, readOnly }) => ({
        name,
        mountPath: target,
        ...(subPath === undefined ? {} : { subPath }),
        ...(readOnly ? { readOnly } : {}),
      })),
      ...scratch.map(({ target, readOnly }, index) => ({
        name: scratchName(index),
        mountPath: target,
        // a container runtime makes the directories of mounts below it
        ...(readOnly === true && !hasMountsBelow(service, target) ? { readOnly } : {}),
      })),
    ],
    containers: scratchContainer(service, plan),
  }
}

function volumeOf(name: string, plan: VolumePlan | undefined): PodVolume {
  if (plan === undefined) return { name, empty: {} }
  const { source, claim } = plan
  if (source?.memory !== undefined) return { name, empty: { memory: true, ...source.memory } }
  return source?.nfs === undefined ? { name, claim } : { name, nfs: source.nfs }
}

function hasMountsBelow({ volumes, scratch, files, hostPaths }: ServicePlan, top: string): boolean {
  return [
    ...volumes,
    ...scratch,
    ...files.filter(({ fills }) => fills === undefined),
    ...hostPaths,
  ].some(({ target }) => target.startsWith(`${top}/`))
}
