/** Tests a path with `/`, as its characters; the time grows with the product of both lengths at most. */
export type PathPattern = (path: readonly string[]) => boolean

/** One part of a pattern: what it takes of a path. */
type Part =
  | { kind: 'text'; character: string }
  | { kind: 'class'; not: boolean; ranges: [string, string][] }
  /** `?` and `*`: one character, or any number, but no `/`. */
  | { kind: 'one' | 'some' }
  /** `**` at the end: anything. */
  | { kind: 'all' }
  /** `**` elsewhere: nothing, or anything up to a `/`. */
  | { kind: 'directories' }

/**
 * A pattern of a `.dockerignore` file or of COPY; undefined if it is not valid. A regular expression is not used: those of JavaScript
 * need years for some patterns of ten characters. https://pkg.go.dev/github.com/moby/patternmatcher
 */
export function pathPattern(pattern: string): PathPattern | undefined {
  const parts = partsOf([...pattern])
  return parts && ((path) => endsFit(parts, path) && matches(parts, path))
}

/** Most patterns are refused by the first or the last character of a path. */
function endsFit(parts: readonly Part[], path: readonly string[]): boolean {
  return mayTake(parts[0], path[0]) && mayTake(parts.at(-1), path.at(-1))
}

function mayTake(part: Part | undefined, character: string | undefined): boolean {
  return part?.kind !== 'text' || part.character === character
}

const ANY = { kind: 'some' } as const

/** Parts of ASCII characters, once for all patterns: there can be many thousands. */
const ASCII: readonly Part[] = Array.from({ length: 128 }, (_, code) => ({
  kind: 'text',
  character: String.fromCharCode(code),
}))

function textPart(character: string): Part {
  return ASCII[character.codePointAt(0) as number] ?? { kind: 'text', character }
}

function partsOf(characters: readonly string[]): Part[] | undefined {
  const parts: Part[] = []
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string
    if (character === '*' && characters[at + 1] === '*') {
      at += characters[at + 2] === '/' ? 2 : 1
      const kind = at + 1 >= characters.length ? 'all' : 'directories'
      // Twice the same means no more than once.
      if (parts.at(-1)?.kind !== kind) parts.push({ kind })
    } else if (character === '*') parts.push(ANY)
    else if (character === '?') parts.push({ kind: 'one' })
    else if (character === '\\') {
      at += 1
      const escaped = characters[at]
      if (escaped === undefined) return undefined
      parts.push(textPart(escaped))
    } else if (character === '[') {
      const end = endOfClass(characters, at)
      const ranges = end === undefined ? undefined : rangesOf(characters.slice(at + 1, end))
      if (ranges === undefined || end === undefined) return undefined
      parts.push({ kind: 'class', ...ranges })
      at = end
    } else parts.push(textPart(character))
  }
  // Docker compares only the ends of paths with `**` and a text: `**.pem` matches `a/key.pem`.
  if (/^\*\*[^/]/.test(characters.join('')) && parts.slice(1).every(({ kind }) => kind === 'text'))
    parts[0] = { kind: 'all' }
  return parts
}

function endOfClass(characters: readonly string[], start: number): number | undefined {
  for (let at = start + 1; at < characters.length; at++) {
    if (characters[at] === '\\') at += 1
    else if (characters[at] === ']') return at
  }
  return undefined
}

function rangesOf(
  inside: readonly string[],
): { not: boolean; ranges: [string, string][] } | undefined {
  const not = inside[0] === '^'
  const left = inside.slice(not ? 1 : 0)
  const next = (): string | undefined => {
    const character = left.shift()
    return character === '\\' ? left.shift() : character
  }
  const ranges: [string, string][] = []
  while (left.length > 0) {
    const from = next()
    const isRange = left[0] === '-' && left.length > 1
    if (isRange) left.shift()
    const to = isRange ? next() : from
    if (from === undefined || to === undefined || from > to) return undefined
    ranges.push([from, to])
  }
  return ranges.length === 0 ? undefined : { not, ranges }
}

/** Follows all ways through the pattern at once. A part has two states: before it, and within `directories`. */
function matches(parts: readonly Part[], path: readonly string[]): boolean {
  let states = new Set<number>()
  const reach = (into: Set<number>, state: number): void => {
    for (let next = state; !into.has(next); next += 2) {
      into.add(next)
      const kind = next % 2 === 0 ? parts[next / 2]?.kind : undefined
      if (kind !== 'some' && kind !== 'all' && kind !== 'directories') return
    }
  }
  reach(states, 0)
  for (const character of path) {
    const following = new Set<number>()
    for (const state of states) {
      const part = parts[state >> 1]
      if (part === undefined) continue
      if (part.kind === 'directories') {
        following.add(state | 1)
        if (character === '/') reach(following, (state | 1) + 1)
      } else if (takes(part, character))
        reach(following, part.kind === 'some' || part.kind === 'all' ? state : state + 2)
    }
    if (following.size === 0) return false
    states = following
  }
  return states.has(parts.length * 2)
}

function takes(part: Exclude<Part, { kind: 'directories' }>, character: string): boolean {
  if (part.kind === 'text') return part.character === character
  if (part.kind === 'class')
    return part.not !== part.ranges.some(([from, to]) => from <= character && character <= to)
  return part.kind === 'all' || character !== '/'
}
