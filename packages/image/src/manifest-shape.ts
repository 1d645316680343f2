import { type Descriptor, isDigest, parseObject } from './blob.ts'
import { Unreadable } from './unreadable.ts'

/** A manifest or an index, as far as it is used; what cannot be used was refused. */
export type ParsedManifest =
  | { config: Descriptor; layers: Descriptor[] }
  | { manifests: PlatformDescriptor[] }

export interface PlatformDescriptor extends Descriptor {
  platform?: { os?: string; architecture?: string; variant?: string }
}

/** Docker takes 127 layers. */
const MOST_LAYERS = 1000

/**
 * Reads the bytes of a manifest or an index. As in Docker `null` stands for what is not there. Throws Unreadable for everything else
 * that https://github.com/opencontainers/image-spec/blob/main/manifest.md does not allow.
 */
export function parseManifest(bytes: Uint8Array): ParsedManifest {
  const { config, layers, manifests } = parseObject(bytes, 'the manifest')
  if (isObject(config)) {
    const list = listOf(layers, 'the manifest')
    if (list.length > MOST_LAYERS) throw new Unreadable(`more than ${MOST_LAYERS} layers`)
    return {
      config: descriptorOf(config, 'the manifest'),
      layers: list.map((layer) => descriptorOf(layer, 'the manifest')),
    }
  }
  if (!Array.isArray(manifests)) throw new Unreadable('manifests of schema 1 are not supported')
  return {
    manifests: manifests.map((one) => ({
      ...descriptorOf(one, 'the image index'),
      ...platformOf(one),
    })),
  }
}

/** A descriptor, or Unreadable with what contains it. */
export function descriptorOf(value: unknown, what: string): Descriptor {
  if (!isObject(value)) throw new Unreadable(`${what} has an invalid entry`)
  const { digest, size } = value
  if (!isDigest(digest)) throw new Unreadable(`${what} has an invalid digest`)
  if (size === undefined || size === null) return { digest }
  if (!Number.isSafeInteger(size) || (size as number) < 0)
    throw new Unreadable(`${what} has an invalid size`)
  return { digest, size: size as number }
}

function platformOf(value: unknown): Pick<PlatformDescriptor, 'platform'> {
  const { platform } = value as { platform?: unknown }
  if (platform === undefined || platform === null) return {}
  if (!isObject(platform)) throw new Unreadable('the image index has an invalid platform')
  const parts = ['os', 'architecture', 'variant'].flatMap((key) =>
    typeof platform[key] === 'string' ? [[key, platform[key]]] : [],
  )
  return { platform: Object.fromEntries(parts) }
}

/** The items of a list; none where there is no list. */
function listOf(value: unknown, what: string): unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Unreadable(`${what} has no list of layers`)
  return value
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
