import { requireImageReference } from '@landfall/image'
import type { Registries } from '@landfall/local-cluster'

/** Where builders find an image that was built for a cluster. */
export function heldImage(
  { registry }: Pick<Registries, 'registry'>,
  { image, digest }: { image: string; digest: string },
): string {
  return `${registry}/${requireImageReference(image).repository}@${digest}`
}
