import { collect, parseObject, verified } from '../blob.ts'
import { factsOfConfig, type ImageFacts } from '../facts.ts'
import { LARGEST_CONFIG, readManifest } from '../manifest.ts'
import { requireImageReference } from '../reference.ts'
import { Absent } from '../unreadable.ts'
import type { Fetch } from './fetch.ts'
import { repositorySource } from './registry.ts'

/** Milliseconds for an answer. Such a registry runs on this machine or near it, where only load makes it slow. */
const PATIENCE = 60_000

/**
 * The metadata of an image in a registry over plain http (`host:port`) without a login, or undefined when the registry does not
 * have it. The name's own host is left out. Throws an Error when the registry does not answer, or with what cannot be
 * read.
 */
export async function lookUpImage(
  registry: string,
  image: string,
  fetch: Fetch = globalThis.fetch,
): Promise<(ImageFacts & { digest: string }) | undefined> {
  const { repository, tag = '', digest: wanted = tag } = requireImageReference(image)
  const source = repositorySource(
    { host: registry, repository, endpoints: [`http://${registry}`] },
    { fetch, credentials: async () => undefined, patience: PATIENCE, transfer: PATIENCE },
    new Set(),
  )
  try {
    const { digest, config } = await readManifest(source, wanted, 'linux/amd64')
    const blob = await collect(verified(source.blob(config.digest), config.digest), LARGEST_CONFIG)
    return { ...factsOfConfig(parseObject(blob, 'the configuration')), digest }
  } catch (error) {
    if (error instanceof Absent) return undefined
    throw error
  }
}
