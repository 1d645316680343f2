import { digestOf } from '../blob.ts'
import { IMAGE_TYPES } from '../manifest.ts'
import { parseManifest } from '../manifest-shape.ts'
import { requireImageReference } from '../reference.ts'
import type { Fetch } from '../registry/fetch.ts'
import { type PushRequest, request } from './request.ts'

/**
 * Gives an image of a plain http registry a second name there; no layer is sent. Returns the digest, or undefined when the
 * registry does not hold the first name.
 */
export async function copyImage(
  registry: string,
  from: string,
  to: string,
  fetch: Fetch = globalThis.fetch,
): Promise<string | undefined> {
  const source = requireImageReference(from)
  const target = requireImageReference(to)
  const api = `http://${registry}/v2`
  const get: PushRequest = {
    method: 'GET',
    url: `${api}/${source.repository}/manifests/${source.digest ?? source.tag}`,
    headers: { accept: IMAGE_TYPES },
  }
  const answer = await request(fetch, get, 200, 404)
  if (answer.status === 404) return undefined
  const manifest = parseManifest(answer.body)
  if (!('config' in manifest)) throw new Error(`${from} is an index of several images`)
  for (const { digest } of [manifest.config, ...manifest.layers]) {
    const query = new URLSearchParams({ mount: digest, from: source.repository })
    const mount: PushRequest = {
      method: 'POST',
      url: `${api}/${target.repository}/blobs/uploads/?${query}`,
    }
    await request(fetch, mount, 201)
  }
  const put: PushRequest = {
    method: 'PUT',
    url: `${api}/${target.repository}/manifests/${target.tag}`,
    headers: { 'content-type': answer.headers.get('content-type') ?? '' },
    body: answer.body,
  }
  await request(fetch, put, 201)
  return digestOf(answer.body)
}
