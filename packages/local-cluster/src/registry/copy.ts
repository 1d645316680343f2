import { ask, expectStatus, type RegistryRequest } from './http.ts'
import { mediaTypes } from './image.ts'
import { parseReference } from './reference.ts'

/**
 * Gives an image of a plain http registry a second name there; no layer is sent. Returns the digest, or undefined when the
 * registry does not hold the first name.
 */
export async function copyImage(
  registry: string,
  from: string,
  to: string,
): Promise<string | undefined> {
  const source = parseReference(from)
  const target = parseReference(to)
  const api = `http://${registry}/v2`
  const get: RegistryRequest = {
    method: 'GET',
    url: `${api}/${source.repository}/manifests/${source.digest ?? source.tag}`,
    headers: { accept: `${mediaTypes.manifest}, application/vnd.oci.image.manifest.v1+json` },
  }
  const answer = expectStatus(await ask(get), get, 200, 404)
  if (answer.status === 404) return undefined
  const manifest = JSON.parse(answer.body.toString()) as {
    config: { digest: string }
    layers: { digest: string }[]
  }
  for (const { digest } of [manifest.config, ...manifest.layers]) {
    const query = new URLSearchParams({ mount: digest, from: source.repository })
    const mount: RegistryRequest = {
      method: 'POST',
      url: `${api}/${target.repository}/blobs/uploads/?${query}`,
      headers: { 'content-length': 0 },
    }
    expectStatus(await ask(mount), mount, 201)
  }
  const put: RegistryRequest = {
    method: 'PUT',
    url: `${api}/${target.repository}/manifests/${target.tag}`,
    headers: {
      'content-type': String(answer.headers['content-type']),
      'content-length': answer.body.length,
    },
    body: answer.body,
  }
  expectStatus(await ask(put), put, 201)
  return String(answer.headers['docker-content-digest'])
}
