import { collect, parseObject, verified } from './blob.ts'
import { factsOfConfig, type ImageFacts } from './facts.ts'
import { parseAccounts } from './layer/accounts.ts'
import { readFiles } from './layer/files.ts'
import { readManifest } from './manifest.ts'
import type { ImageSource } from './source.ts'
import { Unreadable } from './unreadable.ts'

/** What is asked about an image. */
export interface ImageQuestion {
  /** As the project writes it: `redis:7`. */
  image: string
  /** `linux/arm64`; `linux/amd64` when silent. */
  platform?: string
  /** Whether /etc/passwd and /etc/group are wanted, for which layers have to be read. */
  accounts?: boolean
}

/** The facts, or why there are none: a sentence that goes on after the name of the image. */
export type ImageAnswer = { ok: true; facts: ImageFacts } | { ok: false; problem: string }

/** How facts are got: from a registry, a folder, an archive. Never rejects. */
export type AskImage = (question: ImageQuestion) => Promise<ImageAnswer>

const LARGEST_CONFIG = 8 * 1024 ** 2

/** Reads an image of a source; `wanted` is a tag or a digest. Never rejects for what it finds there. */
export async function readImage(
  source: ImageSource,
  wanted: string,
  { platform = 'linux/amd64', accounts = false }: ImageQuestion,
): Promise<ImageAnswer> {
  try {
    const { digest, config, layers } = await readManifest(source, wanted, platform)
    const blob = verified(source.blob(config.digest), config.digest)
    const facts = factsOfConfig(
      parseObject(await collect(blob, LARGEST_CONFIG), 'the configuration'),
    )
    const answer: ImageFacts = { digest, ...facts }
    if (accounts) {
      const files = await readFiles(layers, (layer) => source.blob(layer), [
        'etc/passwd',
        'etc/group',
      ])
      const textOf = (path: string) => files.get(path)?.toString('utf8') ?? ''
      answer.accounts = parseAccounts(textOf('etc/passwd'), textOf('etc/group'))
    }
    return { ok: true, facts: answer }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message }
    throw error
  }
}
