import type { Bundle } from './bundle.ts'
import type { KubeObject } from './object.ts'

// biome-ignore lint/suspicious/noExplicitAny: pod templates of any kind
type Containers = any[]

/** Every list of containers in an object's pod template. */
function containersOf(object: KubeObject): Containers[] {
  const template = object.spec?.jobTemplate?.spec?.template ?? object.spec?.template
  const { initContainers = [], containers = [] } = template?.spec ?? {}
  return [initContainers, containers]
}

/** Every image that the bundle's pods use, sorted. */
export function imagesOf(bundle: Bundle): string[] {
  const images = new Set<string>()
  for (const object of bundle.objects.values())
    for (const container of containersOf(object).flat())
      if (typeof container.image === 'string') images.add(container.image)
  return [...images].sort()
}

/**
 * The bundle with image names replaced as the map says; names that follow from the templates change with them. `policy` is
 * when nodes pull these images; as before if omitted.
 */
export function pinImages(
  bundle: Bundle,
  pins: ReadonlyMap<string, string>,
  policy?: 'Never' | 'IfNotPresent',
): Bundle {
  const objects = new Map<string, KubeObject>()
  for (const [role, object] of bundle.objects) {
    const copy = structuredClone(object)
    for (const container of containersOf(copy).flat()) {
      const pinned = pins.get(container.image)
      if (pinned === undefined) continue
      container.image = pinned
      if (policy !== undefined) container.imagePullPolicy = policy
    }
    objects.set(role, copy)
  }
  return { ...bundle, objects }
}
