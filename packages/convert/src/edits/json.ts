import { type Located, typeOf } from './located.ts'

const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
const STRING = /"(?:[^"\\]|\\[\s\S])*"/y
const LITERAL = /[^\s,\]}/]+/y

/** JSON, also with comments and trailing commas; the rest of the text keeps every byte. */
export function locateJson(text: string, path: readonly string[]): Located | undefined {
  let at = 0
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const [taken] = pattern.exec(text) ?? []
    if (taken === undefined) throw new SyntaxError(`not JSON at character ${at + 1}`)
    at += taken.length
    return taken
  }
  const expect = (character: string): void => {
    if (text[at] !== character) throw new SyntaxError(`not JSON at character ${at + 1}`)
    at++
  }
  let found: { start: number; end: number } | undefined
  const value = (wanted: readonly string[] | undefined): void => {
    take(SPACE)
    const start = at
    if (text[at] === '{') members('}', wanted, () => key())
    else if (text[at] === '[') members(']', wanted, (index) => String(index))
    else take(text[at] === '"' ? STRING : LITERAL)
    if (wanted?.length === 0) found = { start, end: at }
  }
  const key = (): string => {
    const name = JSON.parse(take(STRING)) as string
    take(SPACE)
    expect(':')
    return name
  }
  const members = (
    end: string,
    wanted: readonly string[] | undefined,
    nameOf: (index: number) => string,
  ): void => {
    at++
    for (let index = 0; ; index++) {
      take(SPACE)
      if (text[at] === end) break
      const name = nameOf(index)
      value(wanted?.[0] === name ? wanted.slice(1) : undefined)
      take(SPACE)
      if (text[at] !== ',') break
      at++
    }
    expect(end)
  }
  value(path)
  take(SPACE)
  if (at < text.length) throw new SyntaxError(`not JSON at character ${at + 1}`)
  if (found === undefined) return undefined
  const { start, end } = found
  const first = text[start]
  return {
    start,
    end,
    type:
      first === '{'
        ? 'mapping'
        : first === '['
          ? 'list'
          : typeOf(JSON.parse(text.slice(start, end))),
    print: (next) => JSON.stringify(next),
  }
}
