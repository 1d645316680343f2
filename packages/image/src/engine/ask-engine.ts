import { Buffer } from 'node:buffer'
import { parseObject } from '../blob.ts'
import { startBudget } from '../budget.ts'
import { factsOfConfig, type ImageFacts } from '../facts.ts'
import { LARGEST_CONFIG } from '../manifest.ts'
import type { AskImage } from '../read-image.ts'
import { parseImageReference } from '../reference.ts'
import { Unreadable } from '../unreadable.ts'

/** One answer of an engine's API. */
export interface EngineAnswer {
  status: number
  body: AsyncIterable<Uint8Array>
}

/** Sends a GET request to an engine; rejects when it cannot be reached. */
export type AskEngine = (path: string, signal: AbortSignal) => Promise<EngineAnswer>

/** Milliseconds for an engine on this machine, which may hang. */
const PATIENCE_MS = 1_500

/**
 * Reads facts of images that an engine of this machine has: that of Docker, or Podman, which answers in the same way.
 * https://docs.docker.com/reference/api/engine/ · Users of images are not read. What an engine answers is limited and checked as
 * what a registry does. `patience` is in milliseconds, for one image; an engine that hangs is not asked again.
 */
export function askEngine(ask: AskEngine, patience: number = PATIENCE_MS): AskImage {
  let silent = false
  return async ({ image, platform = 'linux/amd64', accounts = false }) => {
    if (parseImageReference(image) === undefined)
      return { ok: false, problem: 'not a valid image name' }
    if (silent) return { ok: false, problem: 'the container engine does not respond' }
    try {
      const signal = AbortSignal.timeout(patience)
      const path = `/images/${encodeURIComponent(image).replaceAll('%2F', '/')}/json`
      const { status, body } = await ask(path, signal)
      const bytes = await collectBefore(body, signal, patience)
      if (status === 404) return { ok: false, problem: 'the container engine does not have it' }
      if (status !== 200) return { ok: false, problem: `the container engine answered ${status}` }
      const facts = factsOf(parseObject(bytes, 'the answer of the container engine'))
      if (facts.platform !== undefined && !isOf(facts.platform, platform))
        return {
          ok: false,
          problem: `the container engine has it for ${facts.platform}, not ${platform}`,
        }
      return {
        ok: true,
        facts,
        local: true,
        ...(accounts && { unread: 'users are not read from a container engine' }),
      }
    } catch (error) {
      if (error instanceof Unreadable) return { ok: false, problem: error.message }
      silent = true
      return { ok: false, problem: 'the container engine does not respond' }
    }
  }
}

function factsOf(answer: Record<string, unknown>): ImageFacts {
  const { Config, Os, Architecture, Variant } = answer
  return factsOfConfig({ config: Config, os: Os, architecture: Architecture, variant: Variant })
}

/** `linux/arm64/v8` is what `linux/arm64` means. */
function isOf(found: string, wanted: string): boolean {
  const [os, architecture, variant] = wanted.split('/')
  const [foundOs, foundArchitecture, foundVariant] = found.split('/')
  return (
    os === foundOs &&
    architecture === foundArchitecture &&
    (variant === undefined || foundVariant === undefined || variant === foundVariant)
  )
}

/** The whole body; throws Unreadable for more than a configuration may have, and the reason of the signal when it is aborted. */
async function collectBefore(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  milliseconds: number,
): Promise<Uint8Array> {
  const budget = startBudget(
    { received: LARGEST_CONFIG, unpacked: LARGEST_CONFIG, milliseconds },
    'the answer of the container engine',
  )
  const chunks: Uint8Array[] = []
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  aborted.catch(() => {})
  const iterator = body[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([iterator.next(), aborted])
    if (next.done) return Buffer.concat(chunks)
    budget.receive(next.value.length)
    chunks.push(next.value)
  }
}
