import { collect, parseObject, verified } from '../blob.ts'
import { LIMITS, startBudget } from '../budget.ts'
import { factsOfConfig, type ImageFacts } from '../facts.ts'
import { LARGEST_CONFIG, readManifest } from '../manifest.ts'
import { type AskImage, readImage } from '../read-image.ts'
import { parseImageReference, requireImageReference } from '../reference.ts'
import type { ImageSource } from '../source.ts'
import { Absent } from '../unreadable.ts'
import type { Fetch } from './fetch.ts'
import { repositorySource } from './registry.ts'

/** Milliseconds for an answer. Such a registry runs on this machine or near it, where only load makes it slow. */
const PATIENCE = 60_000

/** Reads images from a registry over plain http (`host:port`) without a login; the host of their names is left out. */
export function askPlainRegistry(registry: string, fetch: Fetch = globalThis.fetch): AskImage {
  return async (question) => {
    if (parseImageReference(question.image) === undefined)
      return { ok: false, problem: 'not a valid image name' }
    const { wanted, source } = plainSource(registry, question.image, fetch)
    return readImage(source, wanted, question)
  }
}

function plainSource(
  registry: string,
  image: string,
  fetch: Fetch,
): { wanted: string; source: ImageSource } {
  const { repository, tag = '', digest: wanted = tag } = requireImageReference(image)
  const source = repositorySource(
    { host: registry, repository, endpoints: [`http://${registry}`] },
    { fetch, credentials: async () => undefined, patience: PATIENCE, transfer: PATIENCE },
    new Set(),
    startBudget(LIMITS.image, 'the image'),
  )
  return { wanted, source }
}

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
  const { wanted, source } = plainSource(registry, image, fetch)
  try {
    const { digest, config } = await readManifest(source, wanted, 'linux/amd64')
    const blob = await collect(verified(source.blob(config.digest), config.digest), LARGEST_CONFIG)
    return { ...factsOfConfig(parseObject(blob, 'the configuration')), digest }
  } catch (error) {
    if (error instanceof Absent) return undefined
    throw error
  }
}
