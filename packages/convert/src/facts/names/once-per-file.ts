import type { TextPlace } from './place.ts'

/**
 * A function of a text that is computed once for each file, however many services mount it: trees of sources can be
 * large. A text that is not the whole content of a file is computed each time.
 */
export function oncePerFile<T>(
  compute: (text: string) => T,
): (of: { text: string; place: TextPlace }) => T {
  const known = new WeakMap<Uint8Array, { text: string; result: T }>()
  return ({ text, place }) => {
    if (place.kind !== 'file') return compute(text)
    const found = known.get(place.file.bytes)
    if (found?.text === text) return found.result
    const result = compute(text)
    known.set(place.file.bytes, { text, result })
    return result
  }
}
