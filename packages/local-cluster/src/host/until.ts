import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Repeats `check` until it does not throw and resolves with its result. After `limitMs` the last error is thrown, with `what`
 * was waited for and what `explain` adds.
 */
export async function until<T>(
  what: string,
  limitMs: number,
  check: () => Promise<T>,
  explain: () => string = () => '',
): Promise<T> {
  const end = Date.now() + limitMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (error instanceof GiveUp || Date.now() > end)
        throw new Error(
          `${what}: ${error instanceof Error ? error.message : String(error)}\n${explain()}`.trimEnd(),
        )
    }
    await sleep(50)
  }
}

/** Thrown by a check that will never succeed. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp'
}
