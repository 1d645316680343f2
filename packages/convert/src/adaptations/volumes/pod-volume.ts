import { shortHash, toDnsLabel } from '@landfall/kube'
import type { VolumeMount } from '../../plan/plan.ts'

/** Name of a pod's volume; of two that become one legal name (`a_b`, `a-b`) the later in the alphabet gets a hash. */
export function podVolumeName(volume: string, among: readonly VolumeMount[]): string {
  const name = toDnsLabel(`volume-${volume}`)
  const taken = among.some(
    (other) => other.volume < volume && toDnsLabel(`volume-${other.volume}`) === name,
  )
  return taken ? toDnsLabel(`${name}-${shortHash(volume).slice(0, 6)}`) : name
}
