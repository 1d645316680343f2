/**
 * Splits a command text into words as Docker Compose does: quotes and backslashes as in a shell, `$(…)` and backticks
 * kept whole, and everything from an unquoted `;`, `&`, `|`, `<` or `>` on dropped without a word.
 */
export function shellWords(text: string): string[] | { error: string } {
  const words: string[] = []
  let word = ''
  let hasWord = false
  let quote: '"' | "'" | '`' | '' = ''
  let escaped = false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (escaped) {
      word += char
      escaped = false
      hasWord = true
      continue
    }
    if (char === '\\' && quote !== "'") {
      if (quote === '`' || depth > 0) word += char
      else escaped = true
      if (quote === '`' || depth > 0) {
        at++
        word += text[at] ?? ''
      }
      continue
    }
    if (quote !== '') {
      if (char === quote) {
        if (quote === '`') word += char
        quote = ''
      } else word += char
      continue
    }
    if (depth > 0) {
      word += char
      if (char === '(') depth++
      if (char === ')') depth--
      continue
    }
    if (/[ \t\r\n]/.test(char)) {
      if (hasWord) words.push(word)
      word = ''
      hasWord = false
      continue
    }
    if (/[;&|<>]/.test(char)) {
      if ((char === '>' || char === '<') && /^[0-9]+$/.test(word)) hasWord = false
      if (hasWord) words.push(word)
      return words
    }
    hasWord = true
    if (char === '"' || char === "'" || char === '`') {
      quote = char
      if (char === '`') word += char
    } else if (char === '(') {
      if (!word.endsWith('$')) return { error: 'a "(" outside of quotes' }
      word += char
      depth = 1
    } else if (char === ')') return { error: 'a ")" outside of quotes' }
    else word += char
  }
  if (quote !== '') return { error: `a ${quote} is opened and never closed` }
  if (depth > 0) return { error: 'a "(" is opened and never closed' }
  if (escaped) return { error: 'it ends in a backslash' }
  if (hasWord) words.push(word)
  return words
}
