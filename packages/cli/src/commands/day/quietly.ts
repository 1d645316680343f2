/** The result of work whose failure does not matter; undefined if it fails. */
export async function quietly<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
