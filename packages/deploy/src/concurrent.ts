/**
 * Runs a task for each item, so many at a time, in the order of the items.
 * After the first one that throws no more are started; it is thrown when those under way have ended.
 */
export async function forEachConcurrently<Item>(
  items: Iterable<Item>,
  limit: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  let problem: { error: unknown } | undefined
  const worker = async () => {
    for (let next = iterator.next(); problem === undefined && !next.done; next = iterator.next()) {
      try {
        await task(next.value)
      } catch (error) {
        problem ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
  if (problem !== undefined) throw problem.error
}
