/** Many writers, one reader. */
export interface Channel<Item> {
  push(item: Item): void
  /** The reader ends after what was pushed so far. */
  close(): void
  /** The reader throws after what was pushed so far. */
  fail(error: unknown): void
  items: AsyncGenerator<Item>
}

export function openChannel<Item>(): Channel<Item> {
  const queue: Item[] = []
  let end: { error?: unknown } | undefined
  let wake = () => {}
  async function* read(): AsyncGenerator<Item> {
    for (;;) {
      yield* queue.splice(0)
      if (queue.length > 0) continue
      if (end !== undefined) {
        if ('error' in end) throw end.error
        return
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    push(item) {
      queue.push(item)
      wake()
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
