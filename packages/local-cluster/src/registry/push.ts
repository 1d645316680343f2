import { ask, expectStatus, type RegistryRequest } from './http.ts'
import { configBlob, type Image, manifestBlob, mediaTypes } from './image.ts'
import { sha256 } from './layer.ts'
import { parseReference } from './reference.ts'

/**
 * Pushes an image under its name into a registry that speaks plain http (`host:port`); the name's
 * own host is left out, because nodes ask the registry by repository path.
 * What is there already is not sent again. Returns the digest of the manifest.
 * Throws an Error with what the registry said when it refuses.
 */
export async function pushImage(registry: string, image: string, content: Image): Promise<string> {
  const { repository, tag } = parseReference(image)
  if (tag === undefined) throw new Error(`"${image}" cannot be pushed: it has no tag`)
  const base = `http://${registry}/v2/${repository}`
  const from = content.layersOf === undefined ? '' : parseReference(content.layersOf).repository
  const config = configBlob(content)
  const configDigest = sha256(config)
  await Promise.all([
    ...content.layers.map((layer) => pushBlob(base, layer.digest, layer.size, layer.open, from)),
    pushBlob(base, configDigest, config.length, () => config, ''),
  ])
  const manifest = manifestBlob({ digest: configDigest, size: config.length }, content.layers)
  const put: RegistryRequest = {
    method: 'PUT',
    url: `${base}/manifests/${tag}`,
    headers: { 'content-type': mediaTypes.manifest, 'content-length': manifest.length },
    body: manifest,
  }
  expectStatus(await ask(put), put, 201)
  return sha256(manifest)
}

async function pushBlob(
  base: string,
  digest: string,
  size: number,
  open: () => Exclude<RegistryRequest['body'], undefined>,
  from: string,
): Promise<void> {
  const head: RegistryRequest = { method: 'HEAD', url: `${base}/blobs/${digest}` }
  if (expectStatus(await ask(head), head, 200, 404).status === 200) return
  const post: RegistryRequest = {
    method: 'POST',
    url: `${base}/blobs/uploads/${from === '' ? '' : `?mount=${digest}&from=${from}`}`,
    headers: { 'content-length': 0 },
  }
  const { status, headers } = expectStatus(await ask(post), post, 201, 202)
  if (status === 201) return
  if (headers.location === undefined) throw new Error(`POST ${post.url}: no Location`)
  const target = new URL(headers.location, post.url)
  target.searchParams.set('digest', digest)
  const put: RegistryRequest = {
    method: 'PUT',
    url: target.href,
    headers: { 'content-type': 'application/octet-stream', 'content-length': size },
    body: open(),
  }
  expectStatus(await ask(put), put, 201)
}
