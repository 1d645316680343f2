import { forEachConcurrently } from './concurrent.ts'

/** Streams whose first item is requested at once. */
const STARTED_AT_ONCE = 6

/** The next item of a stream. */
interface Head<Item> {
  item: Item
}

/**
 * One stream of the items of several, each sorted by `key`, sorted by it; equal ones in the order of the streams. Of each stream, one
 * item is in memory. A stream that is not sorted stays in its order.
 */
export async function* mergeBy<Item>(
  streams: readonly AsyncIterable<Item>[],
  key: (item: Item) => string,
): AsyncGenerator<Item> {
  const open = streams.map((stream) => stream[Symbol.asyncIterator]())
  try {
    const heads: (Head<Item> | undefined)[] = open.map(() => undefined)
    const advance = async (index: number): Promise<void> => {
      const stream = open[index] as AsyncIterator<Item>
      const next = await stream.next()
      heads[index] = next.done ? undefined : { item: next.value }
    }
    await forEachConcurrently(open.keys(), STARTED_AT_ONCE, advance)
    for (;;) {
      const first = indexOfFirst(heads, key)
      if (first === undefined) return
      yield (heads[first] as Head<Item>).item
      await advance(first)
    }
  } finally {
    await Promise.allSettled(open.map((stream) => stream.return?.()))
  }
}

function indexOfFirst<Item>(
  heads: readonly (Head<Item> | undefined)[],
  key: (item: Item) => string,
): number | undefined {
  let first: number | undefined
  for (const [index, head] of heads.entries()) {
    if (head === undefined) continue
    const other = first === undefined ? undefined : heads[first]
    if (other === undefined || key(head.item) < key(other.item)) first = index
  }
  return first
}
