/** Many writers, one reader. */
export interface Channel<Item> {
  push(item: Item): void
  /** Resolves when the reader has taken so many of the items that more may be pushed. */
  room(): Promise<void>
  /** The reader ends after what was pushed so far. */
  close(): void
  /** The reader throws after what was pushed so far. */
  fail(error: unknown): void
  items: AsyncGenerator<Item>
}

/** Items that wait for the reader before writers do. */
const MOST_WAITING = 256

export function openChannel<Item>(): Channel<Item> {
  const queue: Item[] = []
  let end: { error?: unknown } | undefined
  let wake = () => {}
  /** Whether the reader has stopped. */
  let left = false
  const writers: (() => void)[] = []
  const release = () => {
    for (const resolve of writers.splice(0)) resolve()
  }
  async function* read(): AsyncGenerator<Item> {
    try {
      for (;;) {
        for (const item of queue.splice(0)) yield item
        release()
        if (queue.length > 0) continue
        if (end !== undefined) {
          if ('error' in end) throw end.error
          return
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      left = true
      release()
    }
  }
  return {
    push(item) {
      queue.push(item)
      wake()
    },
    room() {
      if (left || queue.length < MOST_WAITING) return Promise.resolve()
      return new Promise((resolve) => writers.push(resolve))
    },
    close() {
      end ??= {}
      wake()
    },
    fail(error) {
      end ??= { error }
      wake()
    },
    items: read(),
  }
}
