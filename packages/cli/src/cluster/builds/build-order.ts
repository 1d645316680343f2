import type { ImageBuild } from '@landfall/kube'

const SERVICE = /^service:(.+)$/

/** Builds after those whose images are contexts of them; a circle stays in the order in which it is given. */
export function inBuildOrder(builds: readonly ImageBuild[]): ImageBuild[] {
  const ordered = new Set<ImageBuild>()
  const open = new Set<ImageBuild>()
  const visit = (build: ImageBuild): void => {
    if (ordered.has(build) || open.has(build)) return
    open.add(build)
    const services = contextServices(build)
    for (const one of builds) if (services.includes(one.service)) visit(one)
    ordered.add(build)
  }
  for (const build of builds) visit(build)
  return [...ordered]
}

/** The services whose images are contexts of a build. */
export function contextServices({ contexts = {} }: ImageBuild): string[] {
  return Object.values(contexts).flatMap((from) => SERVICE.exec(from)?.[1] ?? [])
}

/** A build whose contexts that are services are the images that were built for them; `references` are these by service. */
export function withBuiltContexts(
  build: ImageBuild,
  references: ReadonlyMap<string, string>,
): ImageBuild {
  if (build.contexts === undefined) return build
  const contexts = Object.entries(build.contexts).map(([name, from]) => {
    const reference = references.get(SERVICE.exec(from)?.[1] ?? '')
    return [name, reference === undefined ? from : `docker-image://${reference}`]
  })
  return { ...build, contexts: Object.fromEntries(contexts) }
}
