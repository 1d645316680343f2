import { setTimeout as pause } from 'node:timers/promises'

/** Requests a page all the time, over connections of their own: the pages that came, and how often there was `none`. */
export function pages(address: string): { end(): Promise<Map<string, number>> } {
  const seen = new Map<string, number>()
  let over = false
  const running = (async () => {
    while (!over) {
      const page = await fetch(address, {
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(20_000),
      })
        .then(async (answer) => (await answer.text()).trim())
        .catch(() => 'none')
      seen.set(page, (seen.get(page) ?? 0) + 1)
      await pause(20)
    }
  })()
  return {
    async end() {
      over = true
      await running
      return seen
    },
  }
}
