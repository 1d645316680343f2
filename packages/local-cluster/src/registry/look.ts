import { ask, expectStatus, type RegistryRequest } from './http.ts'
import { type ContainerConfig, mediaTypes } from './image.ts'
import { parseReference } from './reference.ts'

/** An image that a registry holds. */
export interface HeldImage {
  /** `sha256:…` of the manifest. */
  digest: string
  config: ContainerConfig
}

/**
 * What a plain http registry holds under a name, or undefined when it does not have it.
 * Reads images as {@link pushImage} writes them and OCI ones; an index is read as not held.
 */
export async function lookUpImage(registry: string, image: string): Promise<HeldImage | undefined> {
  const { repository, tag, digest } = parseReference(image)
  const base = `http://${registry}/v2/${repository}`
  const get: RegistryRequest = {
    method: 'GET',
    url: `${base}/manifests/${digest ?? tag}`,
    headers: { accept: `${mediaTypes.manifest}, application/vnd.oci.image.manifest.v1+json` },
  }
  const answer = expectStatus(await ask(get), get, 200, 404)
  if (answer.status === 404) return undefined
  const manifest = JSON.parse(answer.body.toString()) as { config?: { digest: string } }
  if (manifest.config === undefined) return undefined
  const getConfig: RegistryRequest = {
    method: 'GET',
    url: `${base}/blobs/${manifest.config.digest}`,
  }
  const blob = expectStatus(await ask(getConfig), getConfig, 200).body
  const { config = {} } = JSON.parse(blob.toString()) as { config?: ContainerConfig }
  return { digest: String(answer.headers['docker-content-digest']), config }
}

/** The tags that a plain http registry holds of a repository, sorted; none when it does not know it. */
export async function tagsOf(registry: string, repository: string): Promise<string[]> {
  const get: RegistryRequest = {
    method: 'GET',
    url: `http://${registry}/v2/${repository}/tags/list`,
  }
  const answer = expectStatus(await ask(get), get, 200, 404)
  if (answer.status === 404) return []
  const { tags } = JSON.parse(answer.body.toString()) as { tags: string[] | null }
  return (tags ?? []).toSorted()
}
