import type { OneShot, ServiceSettings } from '../../settings/landfall-file.ts'

/** What `oneShot` of landfall.yaml says of how the work is done; undefined where it does not declare a one-shot. */
export function declaredOneShot({ oneShot }: ServiceSettings): OneShot | undefined {
  if (oneShot === true) return {}
  return oneShot === false ? undefined : oneShot
}
