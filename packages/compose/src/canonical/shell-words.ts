/** UTF-16 units; Linux takes less. */
const lengthLimit = 1024 * 1024

/**
 * Splits a command text into words as Docker Compose does: quotes and backslashes as in a shell, `$(…)` and backticks
 * kept whole, and everything from an unquoted `;`, `&`, `|`, `<` or `>` on dropped without a word.
 */
export function shellWords(text: string): string[] | { error: string } {
  if (text.length > lengthLimit) return { error: 'it is too long' }
  const words: string[] = []
  let word = ''
  let hasWord = false
  let escaped = false
  let single = false
  let double = false
  let backtick = false
  let dollar = false

  for (const char of text) {
    const open = single || double || backtick || dollar
    if (escaped) {
      word += char
      escaped = false
      hasWord = true
      continue
    }
    if (char === '\\' && !single) {
      escaped = true
      continue
    }
    if (/[ \t\r\n]/.test(char)) {
      if (open) word += char
      else {
        if (hasWord) words.push(word)
        word = ''
        hasWord = false
      }
      continue
    }
    if (char === '`' && !single && !double && !dollar) backtick = !backtick
    else if (char === ')' && !single && !double && !backtick) dollar = !dollar
    else if (char === '(' && !single && !double && !backtick) {
      if (dollar || !word.endsWith('$')) return { error: 'a "(" is not in quotes' }
      dollar = true
    } else if ((char === '"' && !single && !dollar) || (char === "'" && !double && !dollar)) {
      if (char === '"') double = !double
      else single = !single
      if (!single && !double) hasWord = true
      continue
    } else if (!open && /[;&|<>]/.test(char)) {
      // A descriptor in front of ">" belongs to the redirection: `a 2>file`.
      if (char === '>' && /^[0-9]/.test(word)) hasWord = false
      break
    }
    hasWord = true
    word += char
  }
  if (single || double) return { error: `a ${single ? "'" : '"'} is opened and never closed` }
  if (backtick) return { error: 'a ` is opened and never closed' }
  if (dollar) return { error: 'a "(" or ")" is not balanced' }
  if (escaped) return { error: 'it ends in a backslash' }
  if (hasWord) words.push(word)
  return words
}
