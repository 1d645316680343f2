/** What a variable holds, or undefined where it is not set. */
export type Lookup = (name: string) => string | undefined

/** In characters. Variables that hold one another grow without end, and no real value is longer. */
const LONGEST_WORD = 8192

/**
 * The words of an instruction as the builder makes them: quotes are taken off, `$NAME`, `${NAME:-word}` and their like
 * replaced outside of single quotes.
 */
export function shellWords(text: string, lookup: Lookup, escapeMark: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string
    if (quote === "'") {
      if (char === "'") quote = ''
      else word = (word ?? '') + char
      at++
    } else if (char === escapeMark && at + 1 < text.length) {
      const next = text[at + 1] as string
      const kept = quote === '"' && !['"', '$', escapeMark].includes(next) ? char : ''
      word = (word ?? '') + kept + next
      at += 2
    } else if (char === '"' || (char === "'" && quote === '')) {
      quote = quote === '' ? char : ''
      word ??= ''
      at++
    } else if (char === '$') {
      const { value, end } = variableAt(text, at, lookup, escapeMark)
      word = (word ?? '') + value
      at = end
    } else if (/\s/.test(char) && quote === '') {
      if (word !== undefined) words.push(word.slice(0, LONGEST_WORD))
      word = undefined
      at++
    } else {
      word = (word ?? '') + char
      at++
    }
  }
  if (word !== undefined) words.push(word.slice(0, LONGEST_WORD))
  return words
}

const PLAIN = /\$([A-Za-z_]\w*)/y
const BRACED = /\$\{([A-Za-z_]\w*)(?:(:?[-+?])([^}]*))?\}/y

function variableAt(
  text: string,
  at: number,
  lookup: Lookup,
  escapeMark: string,
): { value: string; end: number } {
  PLAIN.lastIndex = at
  const plain = PLAIN.exec(text)
  if (plain !== null) return { value: lookup(plain[1] as string) ?? '', end: PLAIN.lastIndex }
  BRACED.lastIndex = at
  const braced = BRACED.exec(text)
  if (braced === null) return { value: '$', end: at + 1 }
  const [, name = '', operator = '', word = ''] = braced
  const value = lookup(name)
  const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'))
  const other = () => shellWords(word, lookup, escapeMark).join(' ')
  const end = BRACED.lastIndex
  if (operator.endsWith('+')) return { value: isSet ? other() : '', end }
  if (operator.endsWith('-')) return { value: isSet ? value : other(), end }
  return { value: value ?? '', end }
}
