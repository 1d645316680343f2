import { digestOf } from '../blob.ts'
import { requireImageReference } from '../reference.ts'
import type { Fetch } from '../registry/fetch.ts'
import { configBlob, type Image, manifestBlob, mediaTypes } from './content.ts'
import { type PushRequest, request } from './request.ts'

/**
 * Pushes an image under its name into a registry over plain http (`host:port`) without a login; the name's own host
 * is left out, because nodes look for the repository path. What is there already is not sent again. Returns the digest of the
 * manifest. Throws an Error with the registry's answer when it refuses.
 */
export async function pushImage(
  registry: string,
  image: string,
  content: Image,
  fetch: Fetch = globalThis.fetch,
): Promise<string> {
  const { repository, tag } = requireImageReference(image)
  if (tag === undefined) throw new Error(`"${image}" cannot be pushed: it has no tag`)
  const base = `http://${registry}/v2/${repository}`
  const from =
    content.layersOf === undefined ? '' : requireImageReference(content.layersOf).repository
  const { config, manifest } = blobsOf(content)
  await Promise.all([
    ...content.layers.map((layer) =>
      pushBlob(fetch, base, layer.digest, layer.size, layer.open, from),
    ),
    pushBlob(fetch, base, digestOf(config), config.length, () => config, ''),
  ])
  const put: PushRequest = {
    method: 'PUT',
    url: `${base}/manifests/${tag}`,
    headers: { 'content-type': mediaTypes.manifest },
    body: manifest,
  }
  await request(fetch, put, 201)
  return digestOf(manifest)
}

/** The digest of the manifest that an image has once it is pushed. */
export function manifestDigest(image: Image): string {
  return digestOf(blobsOf(image).manifest)
}

function blobsOf(image: Image): { config: Buffer; manifest: Buffer } {
  const config = configBlob(image)
  const described = { digest: digestOf(config), size: config.length }
  return { config, manifest: manifestBlob(described, image.layers) }
}

async function pushBlob(
  fetch: Fetch,
  base: string,
  digest: string,
  size: number,
  open: () => Exclude<PushRequest['body'], undefined>,
  from: string,
): Promise<void> {
  const head: PushRequest = { method: 'HEAD', url: `${base}/blobs/${digest}` }
  if ((await request(fetch, head, 200, 404)).status === 200) return
  const post: PushRequest = {
    method: 'POST',
    url: `${base}/blobs/uploads/${from === '' ? '' : `?mount=${digest}&from=${from}`}`,
  }
  const { status, headers } = await request(fetch, post, 201, 202)
  if (status === 201) return
  const location = headers.get('location')
  if (location === null) throw new Error(`POST ${post.url}: no Location`)
  const target = uploadAt(location, post.url)
  target.searchParams.set('digest', digest)
  const body = open()
  const put: PushRequest = {
    method: 'PUT',
    url: target.href,
    headers: {
      'content-type': 'application/octet-stream',
      // `fetch` knows the length of bytes, not of a stream, and one that is set twice is refused.
      ...(body instanceof Uint8Array ? {} : { 'content-length': String(size) }),
    },
    body,
  }
  await request(fetch, put, 201)
}

/**
 * Where an upload goes: at the registry itself. `fetch` adds its login to every request, and no other host, port or scheme may get it
 * (decision 0019), nor the layer.
 */
function uploadAt(location: string, registry: string): URL {
  const { origin, host } = new URL(registry)
  const to = URL.canParse(location, registry) ? new URL(location, registry) : undefined
  if (to?.origin !== origin || to.username !== '' || to.password !== '')
    throw new Error(`the registry ${host} sends uploads to ${to?.host || 'an invalid address'}`)
  return to
}
