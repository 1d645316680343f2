import type { Located, ValueType } from './located.ts'

const BLANK = /(?:[ \t\r\n]+|#[^\n]*)*/y
const KEY = /[ \t]*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\.)*)"|'([^']*)')[ \t]*/y
const TEXT = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y
const BARE = /[^\s,#\]}][^,#\]}\n\r]*/y

/** TOML: keys of tables, dotted or not, and of arrays of tables by their number; not inside of inline values. */
export function locateToml(text: string, path: readonly string[]): Located | undefined {
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray => {
    pattern.lastIndex = at
    const taken = pattern.exec(text)
    if (taken === null) throw new SyntaxError(`not TOML at character ${at + 1}`)
    at += taken[0].length
    return taken
  }
  const expect = (mark: string): void => {
    if (!text.startsWith(mark, at)) throw new SyntaxError(`not TOML at character ${at + 1}`)
    at += mark.length
  }
  const keys = (): string[] => {
    const names: string[] = []
    do {
      if (names.length > 0) at++
      const [, bare, quoted, raw] = take(KEY)
      names.push(bare ?? raw ?? (JSON.parse(`"${quoted}"`) as string))
    } while (text[at] === '.')
    return names
  }
  const value = (): void => {
    const first = text[at]
    if (first === '"' || first === "'") take(TEXT)
    else if (first === '[' || first === '{') {
      at++
      take(BLANK)
      for (const end = first === '[' ? ']' : '}'; text[at] !== end; take(BLANK)) {
        if (first === '{') {
          keys()
          expect('=')
        }
        take(BLANK)
        value()
        take(BLANK)
        if (text[at] === ',') at++
      }
      at++
    } else {
      const [bare] = take(BARE)
      at -= bare.length - bare.trimEnd().length
    }
  }
  let table: string[] = []
  const counts = new Map<string, number>()
  for (take(BLANK); at < text.length; take(BLANK)) {
    if (text[at] === '[') {
      const many = text[at + 1] === '['
      at += many ? 2 : 1
      table = keys()
      expect(many ? ']]' : ']')
      const name = table.join('\0')
      if (many) counts.set(name, (counts.get(name) ?? -1) + 1)
      table = table.flatMap((key, index) => {
        const number = counts.get(table.slice(0, index + 1).join('\0'))
        return number === undefined ? [key] : [key, String(number)]
      })
      continue
    }
    const full = [...table, ...keys()]
    expect('=')
    at += /^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0
    const start = at
    value()
    if (full.length === path.length && full.every((key, index) => key === path[index]))
      return { start, end: at, type: typeOfToml(text.slice(start, at)), print: printToml }
  }
  return undefined
}

function typeOfToml(text: string): ValueType {
  if (/^["']/.test(text)) return 'text'
  if (text.startsWith('[')) return 'list'
  if (text.startsWith('{')) return 'mapping'
  if (/^(true|false)$/.test(text)) return 'boolean'
  return /^\d{4}-|:/.test(text) ? 'any' : 'number'
}

function printToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printToml).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)} = ${printToml(one)}`,
  )
  return `{ ${pairs.join(', ')} }`
}
