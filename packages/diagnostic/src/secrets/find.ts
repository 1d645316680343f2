import { AWS_SECRET, holdsShape, type Shape, shapes } from './shapes.ts'

/** A secret in a text, by what it looks like. Offsets count UTF-16 code units. */
export interface FoundSecret {
  readonly start: number
  readonly end: number
  /** `a GitHub token` */
  readonly what: string
}

/** Texts are searched so far; what is longer is no configuration. */
const LONGEST = 1_000_000

/** The secrets that their form shows, whatever they are called, sorted; none overlaps another. */
export function secretsIn(text: string): FoundSecret[] {
  const searched = text.length > LONGEST ? text.slice(0, LONGEST) : text
  if (!holdsShape(searched)) return []
  const found = shapes().flatMap((shape) => matchesOf(shape, searched))
  if (found.some(({ what }) => what === 'an AWS access key'))
    found.push(...matchesOf(AWS_SECRET, searched))
  return withoutOverlaps(found)
}

/** What the first secret of a text is, by its form; undefined if there is none. */
export function secretIn(text: string): string | undefined {
  return secretsIn(text)[0]?.what
}

function matchesOf({ what, form, holds }: Shape, text: string): FoundSecret[] {
  return [...text.matchAll(form)].flatMap((match) => {
    if (holds?.(match[0]) === false) return []
    const secret = match.groups?.secret || match[0]
    const start = match.index + (secret === match[0] ? 0 : match[0].lastIndexOf(secret))
    return [{ start, end: start + secret.length, what }]
  })
}

/** Sorted, each with what it touches of the others. */
export function withoutOverlaps(found: readonly FoundSecret[]): FoundSecret[] {
  const merged: FoundSecret[] = []
  for (const one of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last === undefined || one.start >= last.end) merged.push(one)
    else if (one.end > last.end) merged[merged.length - 1] = { ...last, end: one.end }
  }
  return merged
}
