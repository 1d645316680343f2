import { toDnsLabel } from '@landfall/kube'

/** Name of a pod's volume. */
export function podVolumeName(volume: string): string {
  return toDnsLabel(`volume-${volume}`)
}
