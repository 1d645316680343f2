import type { FindDeployedImage } from '@landfall/deploy'
import { type Bundle, pinImages } from '@landfall/kube'

/** The bundle with the images that its builds, and names that a deploy has pinned by digest, have in the cluster. */
export function withDeployedImages(bundle: Bundle, find: FindDeployedImage): Bundle {
  const built = new Set(bundle.builds.map(({ image }) => image))
  const pins = new Map<string, string>()
  let policy: 'Never' | 'IfNotPresent' | undefined
  for (const object of bundle.objects.values()) {
    const { initContainers = [], containers = [] } = object.spec?.template?.spec ?? {}
    for (const { name, image } of [...initContainers, ...containers]) {
      const live = find(object, name)
      if (live === undefined) continue
      if (!built.has(image) && !live.image.startsWith(`${image}@`)) continue
      pins.set(image, live.image)
      const { imagePullPolicy } = live
      if (built.has(image) && (imagePullPolicy === 'Never' || imagePullPolicy === 'IfNotPresent'))
        policy = imagePullPolicy
    }
  }
  return pinImages(bundle, pins, policy)
}
