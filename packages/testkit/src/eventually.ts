/**
 * Repeats the check until it passes (does not throw), and gives its result; after `within` milliseconds the last
 * failure is thrown with the time that was given. For state that another process brings about, never to slow a test down.
 */
export async function eventually<T>(
  within: number,
  check: () => T | Promise<T>,
  every = 1000,
): Promise<T> {
  const end = performance.now() + within
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > end)
        throw new Error(`not within ${within} ms: ${(error as Error).message}`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, every))
    }
  }
}
