import type { ImageBuild } from '@landfall/kube'

/**
 * The platform that an image is built for (`linux/arm64`); undefined for that of the builder. `nodes` is that of the nodes where
 * it is not the builder's, and `own` the builder's. Of the platforms that a project names it is the one that the nodes run, or the
 * first: as with Docker, a project that names only another platform than the machine's has its reasons.
 */
export function platformToBuild(
  { platforms = [] }: Pick<ImageBuild, 'platforms'>,
  nodes: string | undefined,
  own: string,
): string | undefined {
  const [first] = platforms
  const wanted = nodes ?? own
  if (first === undefined || platforms.some((one) => isSame(one, wanted))) return nodes
  return first
}

/** `linux/arm64/v8` is `linux/arm64`. */
function isSame(one: string, other: string): boolean {
  const [system, architecture] = one.split('/')
  return `${system}/${architecture}` === other
}
