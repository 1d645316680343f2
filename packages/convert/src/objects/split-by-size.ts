import { LARGEST_OBJECT } from '../facts/mounts/sizes.ts'

/** Entries of ConfigMaps or Secrets in as many lists as there have to be objects, in their order. `size`: bytes in an object. */
export function splitBySize<T extends { readonly size: number }>(entries: readonly T[]): T[][] {
  const parts: T[][] = []
  let room = 0
  for (const entry of entries) {
    if (parts.length === 0 || entry.size > room) {
      parts.push([])
      room = LARGEST_OBJECT
    }
    parts.at(-1)?.push(entry)
    room -= entry.size
  }
  return parts
}

/** What follows the name of one of several objects: nothing for the first, then `-2`, `-3`. */
export function numbered(index: number): string {
  return index === 0 ? '' : `-${index + 1}`
}
