import type { Project } from '@landfall/compose'
import { ownValue } from '@landfall/diagnostic'
import type { Site } from './site.ts'

/** The project with the images and the platform of a site. */
export function projectAtSite(project: Project, { images, platform }: Site): Project {
  if (Object.keys(images).length === 0 && platform === undefined) return project
  const services = Object.entries(project.services).map(([name, service]) => {
    const image = ownValue(images, name)
    return [
      name,
      {
        ...service,
        ...(platform !== undefined && { platform }),
        ...(image !== undefined && { image }),
      },
    ]
  })
  return { ...project, services: Object.fromEntries(services) }
}
