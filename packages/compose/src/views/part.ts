import { type MapNode, mapAt, textNode } from '../tree/node.ts'

/** A part of a project, and what differs there. */
export interface Part {
  services: readonly string[]
  /** Images by services. */
  images: Readonly<Record<string, string>>
  /** The platform of all services. */
  platform?: string
}

/** Leaves the services of a part, in place: what they depend on elsewhere is no dependency there. */
export function narrow(services: MapNode, { services: names, images, platform }: Part): void {
  for (const name of [...services.entries.keys()])
    if (!names.includes(name)) services.entries.delete(name)
  for (const [name, service] of services.entries) {
    if (service.kind !== 'map') continue
    const dependencies = mapAt(service, 'depends_on')
    for (const other of [...(dependencies?.entries.keys() ?? [])])
      if (!names.includes(other)) dependencies?.entries.delete(other)
    if (dependencies?.entries.size === 0) service.entries.delete('depends_on')
    const image = Object.hasOwn(images, name) ? images[name] : undefined
    if (image !== undefined) service.entries.set('image', textNode(image, []))
    if (platform !== undefined) service.entries.set('platform', textNode(platform, []))
  }
}
