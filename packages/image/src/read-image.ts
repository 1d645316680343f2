import { collect, type Descriptor, parseObject, verified } from './blob.ts'
import { LIMITS, startBudget } from './budget.ts'
import { factsOfConfig, type ImageFacts } from './facts.ts'
import { parseAccounts } from './layer/accounts.ts'
import { readFiles } from './layer/files.ts'
import { LARGEST_CONFIG, readManifest } from './manifest.ts'
import type { ImageSource } from './source.ts'
import { Unreadable } from './unreadable.ts'

/** What is to be read of an image. */
export interface ImageQuestion {
  /** As the project writes it: `redis:7`. */
  image: string
  /** `linux/arm64`; `linux/amd64` if omitted. */
  platform?: string
  /** Whether /etc/passwd and /etc/group are wanted, for which layers have to be read. */
  accounts?: boolean
}

/**
 * The facts, or why there are none: a phrase that follows the name of the image and a colon. `unread` is why accounts
 * that the question has are not among the facts. `local`: this machine alone has the image, so a lock file does not keep them.
 */
export type ImageAnswer =
  | { ok: true; facts: ImageFacts; unread?: string; local?: true }
  | { ok: false; problem: string }

/** How facts are got: from a registry, a folder, an archive. Never rejects. */
export type AskImage = (question: ImageQuestion) => Promise<ImageAnswer>

/** Reads an image of a source; `wanted` is a tag or a digest. Never rejects for what it finds there. */
export async function readImage(
  source: ImageSource,
  wanted: string,
  { platform = 'linux/amd64', accounts = false }: ImageQuestion,
): Promise<ImageAnswer> {
  try {
    const { digest, config, layers } = await readManifest(source, wanted, platform)
    const blob = verified(source.blob(config.digest), config.digest)
    const described = parseObject(await collect(blob, LARGEST_CONFIG), 'the configuration')
    const facts: ImageFacts = { digest, ...factsOfConfig(described) }
    return accounts ? await withAccounts(facts, layers, source) : { ok: true, facts }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message }
    throw error
  }
}

/** Layers are large and of many kinds: where they cannot be read, the other facts are none the worse. */
async function withAccounts(
  facts: ImageFacts,
  layers: readonly Descriptor[],
  source: ImageSource,
): Promise<ImageAnswer> {
  const paths = ['etc/passwd', 'etc/group']
  try {
    const files = await readFiles(
      layers,
      (digest) => source.blob(digest),
      paths,
      source.budget ?? startBudget(LIMITS.image, 'the image'),
    )
    const [passwd = '', group = ''] = paths.map((path) => files.get(path)?.toString('utf8'))
    return { ok: true, facts: { ...facts, accounts: parseAccounts(passwd, group) } }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: true, facts, unread: error.message }
    throw error
  }
}
