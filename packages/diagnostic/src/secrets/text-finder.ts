/** A part of a text: `start` is its first UTF-16 unit, `end` the one behind it. */
export interface Part {
  start: number
  end: number
}

/** Finds any of many texts in another one, in time that does not grow with how many they are. */
export interface TextFinder {
  /** The first occurrence that starts at `from` or later, of the longest text there that is accepted. */
  next(text: string, from?: number, accept?: (part: Part) => boolean): Part | undefined
  /** Whether one of the texts is in it. */
  isIn(text: string): boolean
}

/** A finder of these texts; empty ones are found nowhere. */
export function textFinder(texts: Iterable<string>): TextFinder {
  const sought = [...new Set(texts)].filter((text) => text !== '')
  const width = sought.reduce(
    (least, text) => Math.min(least, text.length),
    Number.MAX_SAFE_INTEGER,
  )
  const firsts = new Set<number>()
  const groups = new Map<string, string[]>()
  for (const one of sought.sort((a, b) => b.length - a.length)) {
    const start = one.slice(0, width)
    firsts.add(one.charCodeAt(0))
    groups.set(start, [...(groups.get(start) ?? []), one])
  }
  const next: TextFinder['next'] = (text, from = 0, accept = () => true) => {
    for (let start = from; start + width <= text.length; start++) {
      if (!firsts.has(text.charCodeAt(start))) continue
      for (const one of groups.get(text.slice(start, start + width)) ?? []) {
        const part = { start, end: start + one.length }
        if (text.startsWith(one, start) && accept(part)) return part
      }
    }
    return undefined
  }
  return { next, isIn: (text) => next(text) !== undefined }
}
