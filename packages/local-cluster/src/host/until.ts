import { type Clock, machineClock } from '@landfall/kube'

/**
 * Repeats `check` until it does not throw and resolves with its result. After `limitMs`, or when the check gives up, the last
 * error is thrown, after what was waited for.
 */
export async function until<T>(
  what: string,
  limitMs: number,
  check: () => Promise<T>,
  clock: Clock = machineClock,
): Promise<T> {
  const end = clock.now() + limitMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (error instanceof GiveUp || clock.now() > end)
        throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
    await clock.sleep(50)
  }
}

/** Thrown by a check that will never succeed. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp'
}
