import { isDeepStrictEqual } from 'node:util'
import { toDnsLabel } from '@landfall/kube'
import type { PodVolume } from '../plan/plan.ts'

/** What the volumes of a service are named in its pod, by the name that the service has for them. */
export type VolumeNames = ReadonlyMap<string, string>

/**
 * Adds the volumes of a service to those of its pod. One that is there already is used by both; one of another content,
 * and any empty directory, gets a name of its own.
 */
export function addVolumes(
  volumes: PodVolume[],
  added: readonly PodVolume[],
  suffix: string,
): VolumeNames {
  const known = new Map(volumes.map((volume) => [volume.name, volume]))
  const names = new Map<string, string>()
  for (const volume of added) {
    const other = known.get(volume.name)
    const differs =
      other !== undefined && (volume.empty !== undefined || !isDeepStrictEqual(other, volume))
    const name = differs ? toDnsLabel(`${volume.name}-${suffix}`) : volume.name
    names.set(volume.name, name)
    if (!known.has(name)) volumes.push({ ...volume, name })
  }
  return names
}
