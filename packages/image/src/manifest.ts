import { type Descriptor, digestOf } from './blob.ts'
import { type PlatformDescriptor, parseManifest } from './manifest-shape.ts'
import type { ImageSource } from './source.ts'
import { Unreadable } from './unreadable.ts'

/** The media types of manifests of one platform, for the `Accept` of a request. */
export const IMAGE_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** The media types of all manifests that are read, for the `Accept` of a request. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  IMAGE_TYPES,
].join(', ')

/** The configuration of an image in bytes; more is an attack. */
export const LARGEST_CONFIG = 4 * 1024 ** 2

/** The image of one platform. */
export interface Manifest {
  /** Of what the name points at: the index where there is one. */
  digest: string
  config: Descriptor
  /** From the lowest to the highest. */
  layers: Descriptor[]
}

/** Indexes may name indexes; deeper nesting than this does not occur. */
const DEEPEST = 4

/** The manifest of an image for a platform (`linux/arm64`), its bytes checked against every digest on the way. */
export async function readManifest(
  source: ImageSource,
  wanted: string,
  platform: string,
): Promise<Manifest> {
  let named = ''
  let next = wanted
  for (let depth = 0; depth < DEEPEST; depth++) {
    const bytes = await source.manifest(next)
    const digest = digestOf(bytes)
    if (next.includes(':') && next !== digest)
      throw new Unreadable(`digest mismatch: the content received for ${next} is different`)
    named ||= digest
    const parsed = parseManifest(bytes)
    if ('config' in parsed) return { digest: named, ...parsed }
    next = chooseManifest(parsed.manifests, platform).digest
  }
  throw new Unreadable(`image indexes nested more than ${DEEPEST} levels deep`)
}

/** The one for the platform, else one for Linux: metadata is the same on all of them. */
function chooseManifest(
  manifests: readonly PlatformDescriptor[],
  platform: string,
): PlatformDescriptor {
  const nameOf = ({ platform: { os, architecture, variant } = {} }: PlatformDescriptor) =>
    [os, architecture, variant].filter(Boolean).join('/')
  const chosen =
    manifests.find((one) => nameOf(one) === platform) ??
    manifests.find((one) => nameOf(one).startsWith(`${platform}/`)) ??
    manifests.find((one) => platform.startsWith(`${nameOf(one)}/`) && nameOf(one) !== '') ??
    manifests.find((one) => one.platform?.os === 'linux') ??
    manifests.find((one) => one.platform === undefined)
  if (chosen === undefined) throw new Unreadable('no image for Linux in the image index')
  return chosen
}
